import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";

// Connectors for pages: many that only stand in the list, and a service behind OAuth 2.0 that real ones are registered with.

const KINDS = [
  ["aws", "iam-role", ["s3-bucket"], "s3://acme-artifacts"],
  ["aws", "secret-key", ["aws-generic", "s3-bucket", "kubernetes-cluster", "docker-registry"], null],
  ["gcp", "impersonation", ["gcs-bucket"], "gs://acme-models"],
  ["kubernetes", "token", ["kubernetes-cluster"], "prod"],
  ["docker", "password", ["docker-registry"], "registry.acme.example"],
] as const;

/** Writes connectors that nobody can use: each fifth was refused when it was tried, each seventh ends soon. Opens this machine to the workspace. */
export async function seedConnectors(ownerUrl: string, workspace: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    await client.query("update workspace set allow_networks = '{127.0.0.0/8}' where slug = $1", [workspace]);
    for (let index = 0; index < count; index++) {
      const [type, method, types, resource] = KINDS[index % KINDS.length] as (typeof KINDS)[number];
      await client.query(
        `insert into connector (id, workspace_id, name, type, method, resource_types, resource_id, configuration, verified_at, last_error, last_error_at, expires_at, created_by, created_at)
         select $1, w.id, $3, $4, $5, $6, $7, '{"region":"eu-central-1"}', case when $8::boolean then null else now() - $9::int * interval '1 hour' end,
           case when $8::boolean then 'AWS STS refused the call (status 403). (AccessDenied)' end, case when $8::boolean then now() - interval '1 hour' end,
           now() + $10::int * interval '1 day',
           (select p.id from principal p join role_grant g on g.principal_id = p.id and g.workspace_ref = w.id and g.role = 'workspace-admin' where p.kind = 'user' limit 1),
           now() - $9::int * interval '1 day'
         from workspace w where w.slug = $2 on conflict (workspace_id, name) do nothing`,
        [
          randomUUID(),
          workspace,
          `seed-${String(index).padStart(3, "0")}`,
          type,
          method,
          types,
          resource,
          index % 5 === 2,
          index,
          index % 7 === 3 ? (index % 20) + 1 : null,
        ],
      );
    }
  } finally {
    await client.end();
  }
}

/** A service with a token endpoint, a revocation endpoint that it describes, and an API. `secrets` are the client secrets that it takes. */
export async function startService() {
  const secrets = new Set(["canary-first-secret"]);
  const living = new Set<string>();
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const json = (value: unknown, status = 200) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.url === "/.well-known/oauth-authorization-server") return json({ token_endpoint: `${url}/token`, revocation_endpoint: `${url}/revoke` });
      if (request.url === "/api") return json({}, living.has((request.headers.authorization ?? "").replace("Bearer ", "")) ? 200 : 401);
      const [, secret = ""] = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64")
        .toString()
        .split(":");
      if (!secrets.has(secret)) return json({ error: "invalid_client" }, 401);
      if (request.url === "/revoke") living.delete(new URLSearchParams(body).get("token") ?? "");
      if (request.url !== "/token") return json({});
      const token = `canary-token-${randomUUID()}`;
      living.add(token);
      json({ access_token: token, expires_in: 900 });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, secrets, living, stop: () => void server.close().closeAllConnections() };
}
