import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { freePort } from "../fixtures";
import { startPeer } from "../peer-process";
import { apiServer, etcd } from "./go";

// A real kube-apiserver with its etcd, built once (about a quarter of an hour on two cores). No controllers and no nodes: what is tested is who
// may do what.

/** Certificates of one authority, for the server and for its administrator. Needs openssl. */
function certificates(folder: string) {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=local-kube-ca", "-keyout", "ca.key", "-out", "ca.crt");
  writeFileSync(path.join(folder, "ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n");
  for (const [name, subject] of Object.entries({ server: "/CN=kube-apiserver", admin: "/O=system:masters/CN=admin", ada: "/O=people/CN=ada" })) {
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "30",
      "-extfile",
      "ext",
      "-out",
      `${name}.crt`,
    );
  }
  openssl("genrsa", "-out", "sa.key", "2048");
  openssl("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub");
  return (name: string) => readFileSync(path.join(folder, name), "utf8");
}

export async function startCluster() {
  const [store, server] = [etcd("3.7.3"), apiServer("1.37.2")];
  const folder = mkdtempSync(path.join(os.tmpdir(), "reeve-kube-"));
  const read = certificates(folder);
  const [port, clientPort, peerPort] = [await freePort(), await freePort(), await freePort()];
  const url = `https://127.0.0.1:${port}`;
  const at = (of: number) => `http://127.0.0.1:${of}`;
  const start = (program: string, args: string[]) => ({ program, args, cwd: folder });
  const programs = [
    start(store, [
      ...["--data-dir", "etcd", "--name", "local", "--unsafe-no-fsync", "--log-level", "warn"],
      ...["--listen-client-urls", at(clientPort), "--advertise-client-urls", at(clientPort)],
      ...["--listen-peer-urls", at(peerPort), "--initial-advertise-peer-urls", at(peerPort), "--initial-cluster", `local=${at(peerPort)}`],
    ]),
    start(server, [
      ...["--etcd-servers", at(clientPort), "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", String(port)],
      ...["--tls-cert-file", "server.crt", "--tls-private-key-file", "server.key", "--client-ca-file", "ca.crt"],
      ...["--service-account-key-file", "sa.pub", "--service-account-signing-key-file", "sa.key", "--service-account-issuer", url],
      ...["--service-cluster-ip-range", "10.0.0.0/24", "--authorization-mode", "RBAC", "--endpoint-reconciler-type", "none"],
      // Without controllers nobody makes a namespace's usual service account.
      ...["--disable-admission-plugins", "ServiceAccount"],
    ]),
  ];
  type As = { token: string } | { certificate: string; key: string };
  const administrator: As = { certificate: read("admin.crt"), key: read("admin.key") };
  const ask = (method: string, to: string, body?: unknown, as: As = administrator): Promise<{ status: number; json: Record<string, never> }> =>
    new Promise((resolve, reject) => {
      const keys = "token" in as ? { headers: { authorization: `Bearer ${as.token}` } } : { cert: as.certificate, key: as.key };
      const request = https.request(`${url}${to}`, { method, ca: read("ca.crt"), agent: false, ...keys }, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, json: text.startsWith("{") ? JSON.parse(text) : {} }));
      });
      request.on("error", reject);
      if (body !== undefined) request.setHeader("content-type", "application/json");
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const isReady = async () => (await ask("GET", "/readyz")).status === 200;
  const stop = await startPeer("The API server", programs, { isReady, seconds: 120, folder });

  /** Makes something, or throws. */
  async function make(to: string, body: object): Promise<void> {
    const { status, json } = await ask("POST", to, body);
    if (status !== 201) throw new Error(`The API server answered ${status} to ${to}: ${JSON.stringify(json)}`);
  }
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  return {
    url,
    authority: read("ca.crt"),
    /** Someone whom the cluster knows by certificate and who may do nothing. */
    ada: { certificate: read("ada.crt"), key: read("ada.key") },
    administrator: administrator as { certificate: string; key: string },
    ask,
    stop,
    namespace: (name: string) => make("/api/v1/namespaces", { metadata: { name } }),
    account: (namespace: string, name: string) => make(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } }),
    /** Lets a service account of the namespace do something in it. */
    allow: async (namespace: string, account: string, name: string, rule: { resources: string[]; verbs: string[]; resourceNames?: string[] }) => {
      await make(`${rbac}/namespaces/${namespace}/roles`, { metadata: { name }, rules: [{ apiGroups: [""], ...rule }] });
      await make(`${rbac}/namespaces/${namespace}/rolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name: account, namespace }],
      });
    },
    /** A service account's token, as an administrator makes it. */
    tokenOf: async (namespace: string, name: string): Promise<string> => {
      const { json } = await ask("POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, { spec: { expirationSeconds: 7_200 } });
      return (json as unknown as { status: { token: string } }).status.token;
    },
  };
}
