import { stringify } from "yaml";
import { type Asked, fixture, later, NOW, type Said } from "../fixture.sample";

// Azure as its documents describe it: Entra ID, the resource manager, a storage account and a registry. Not the real service.

export const SECRET = "a-client-secret";
export const DELEGATION_KEY = Buffer.alloc(32, 9).toString("base64");
const MANAGER = "management.azure.com/subscriptions/s1";
const AUDIENCES: Record<string, string> = {
  "https://management.azure.com/.default": "of-manager",
  "https://storage.azure.com/.default": "of-storage",
  "6dae42f8-4368-4678-94ff-e28af79c8a57/.default": "of-clusters",
};
export const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const LOGIN = jwt({ exp: NOW.getTime() / 1_000 + 10_800 });

function entra(asked: Asked): Said {
  const { client_id, client_secret, client_assertion, scope = "", grant_type } = asked.form();
  const isKnown = client_id === "app" && (client_secret === SECRET || client_assertion === "a-federated-token");
  if (grant_type !== "client_credentials" || !isKnown)
    return { status: 401, json: { error: "invalid_client", error_description: `AADSTS7000215: Invalid client secret provided: ${client_secret}.` } };
  const token = AUDIENCES[scope];
  return token ? { json: { access_token: token, expires_in: 3_599, token_type: "Bearer" } } : { status: 400, json: { error: "invalid_scope" } };
}

const kubeconfig = (user: object) => ({
  kubeconfigs: [
    {
      name: "clusterUser",
      value: Buffer.from(
        stringify({
          clusters: [{ name: "c", cluster: { server: "https://c.hcp.example:443", "certificate-authority-data": "Q0E=" } }],
          users: [{ name: "u", user }],
        }),
      ).toString("base64"),
    },
  ],
});
const CLUSTERS = `${MANAGER}/resourceGroups/ml/providers/Microsoft.ContainerService/managedClusters`;
const MANAGED: Record<string, unknown> = {
  [MANAGER]: { subscriptionId: "s1" },
  "management.azure.com/subscriptions": { value: [] },
  [`${MANAGER}/providers/Microsoft.ContainerService/managedClusters`]: {
    value: [{ id: "/subscriptions/s1/resourceGroups/ML/providers/Microsoft.ContainerService/managedClusters/Train" }],
    nextLink: "https://management.azure.com/subscriptions/s1/more",
  },
  [`${MANAGER}/more`]: {
    value: [{ id: "/subscriptions/s1/resourceGroups/ml/providers/Microsoft.ContainerService/managedClusters/old" }],
    nextLink: "https://elsewhere.example/",
  },
  [`${CLUSTERS}/train/listClusterUserCredential`]: kubeconfig({ exec: { command: "kubelogin" } }),
  [`${CLUSTERS}/old/listClusterUserCredential`]: kubeconfig({ "client-certificate-data": "Qw==", "client-key-data": "Sw==" }),
  [`${MANAGER}/providers/Microsoft.ContainerRegistry/registries`]: { value: [{ properties: { loginServer: "Shop1.azurecr.io" } }] },
};

function storage(asked: Asked): Said {
  if (asked.headers.authorization !== "Bearer of-storage") return { status: 403, headers: { "x-ms-error-code": "AuthorizationPermissionMismatch" } };
  const query = asked.url.searchParams;
  if (query.get("comp") === "userdelegationkey") {
    const [, start, end] = /<Start>(.*)<\/Start><Expiry>(.*)<\/Expiry>/.exec(asked.body) ?? [];
    const text = `<UserDelegationKey><SignedOid>oid</SignedOid><SignedTid>tid</SignedTid><SignedStart>${start}</SignedStart><SignedExpiry>${end}</SignedExpiry><SignedService>b</SignedService><SignedVersion>2023-11-03</SignedVersion><Value>${DELEGATION_KEY}</Value></UserDelegationKey>`;
    return { text, headers: { "x-ms-request-id": "r-1" } };
  }
  if (asked.url.pathname === "/") return { text: "<Containers><Container><Name>art</Name></Container><Container><Name>$logs</Name></Container></Containers>" };
  return asked.url.pathname === "/art" ? { text: "<EnumerationResults/>" } : { status: 404, headers: { "x-ms-error-code": "ContainerNotFound" } };
}

function registry(asked: Asked): Said {
  const form = asked.form();
  if (asked.url.pathname === "/oauth2/exchange")
    return form.access_token === "of-manager" && form.tenant === "t1" && form.service === asked.url.host ? { json: { refresh_token: LOGIN } } : { status: 401 };
  return form.refresh_token === LOGIN && form.scope === "repository:team/app:pull,push"
    ? { json: { access_token: jwt({ exp: later(4_500).getTime() / 1_000 }) } }
    : { status: 401, json: { errors: [{ code: "UNAUTHORIZED" }] } };
}

function azure(asked: Asked): Said | undefined {
  const { host, pathname } = asked.url;
  if (host === "login.microsoftonline.com") return pathname === "/t1/oauth2/v2.0/token" ? entra(asked) : { status: 400, json: { error: "invalid_request" } };
  if (host === "account1.blob.core.windows.net") return storage(asked);
  if (host === "shop1.azurecr.io") return registry(asked);
  if (asked.headers.authorization !== "Bearer of-manager") return { status: 401, json: { error: { code: "InvalidAuthenticationToken" } } };
  const found = MANAGED[`${host}${pathname}`];
  return found ? { json: found } : { status: 404, json: { error: { code: "ResourceNotFound" } } };
}

export const startAzure = (host: Parameters<typeof fixture>[1] = null) => fixture(azure, host);
