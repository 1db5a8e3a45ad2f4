import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { jwtVerify } from "jose";
import { type Asked, fixture, later, type Said } from "../fixture.sample";

// Google as its discovery documents describe it: tokens, buckets, clusters and registries of one project. Not the real service.

const keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
export const EMAIL = "robot@shop.iam.gserviceaccount.com";
export const TARGET = "train@shop.iam.gserviceaccount.com";
export const keyOf = (private_key = PEM) =>
  JSON.stringify({ type: "service_account", project_id: "shop", client_email: EMAIL, private_key, private_key_id: "k1" });
export const FOREIGN_PEM = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const REFUSED: Said = { status: 400, json: { error: "invalid_grant", error_description: "Invalid JWT Signature." } };
const granted = (access_token: string): Said => ({ json: { access_token, expires_in: 3599, token_type: "Bearer" } });

async function isSigned(assertion = ""): Promise<boolean> {
  return jwtVerify(assertion, keys.publicKey, { issuer: EMAIL, audience: "https://oauth2.googleapis.com/token" }).then(
    ({ payload }) => payload.scope === "https://www.googleapis.com/auth/cloud-platform",
    () => false,
  );
}

async function token(asked: Asked): Promise<Said> {
  const form = asked.form();
  if (form.grant_type === "refresh_token") return form.refresh_token === "a-refresh-token" ? granted("of-user") : REFUSED;
  return (await isSigned(form.assertion)) ? granted("of-account") : REFUSED;
}

function exchange(asked: Asked): Said {
  const form = asked.form();
  if (!form.options) return form.subject_token === "outside" ? granted("of-workload") : REFUSED;
  const [rule] = (JSON.parse(form.options) as { accessBoundary: { accessBoundaryRules: { availableResource: string }[] } }).accessBoundary.accessBoundaryRules;
  return { json: { access_token: `${form.subject_token}@${rule?.availableResource.split("/").at(-1)}` } };
}

const OPEN: Record<string, unknown> = {
  "storage.googleapis.com/storage/v1/b": { items: [{ name: "art" }, { name: "other" }] },
  "storage.googleapis.com/storage/v1/b/art/o": { items: [] },
  "container.googleapis.com/v1/projects/shop/locations/-/clusters": {
    clusters: [
      { name: "train", endpoint: "203.0.113.7", masterAuth: { clusterCaCertificate: "Q0E=" } },
      { name: "twice", endpoint: "203.0.113.8", masterAuth: { clusterCaCertificate: "Q0E=" } },
      { name: "twice", endpoint: "203.0.113.9", masterAuth: { clusterCaCertificate: "Q0E=" } },
    ],
  },
  "artifactregistry.googleapis.com/v1/projects/shop/locations": { locations: [{ locationId: "us" }, { locationId: "europe-west3" }] },
  "artifactregistry.googleapis.com/v1/projects/shop/locations/us/repositories": {
    repositories: [{ name: "projects/shop/locations/us/repositories/gcr.io", format: "DOCKER" }],
  },
  "artifactregistry.googleapis.com/v1/projects/shop/locations/europe-west3/repositories": {
    repositories: [
      { name: "projects/shop/locations/europe-west3/repositories/ml", format: "DOCKER" },
      { name: "projects/shop/locations/europe-west3/repositories/wheels", format: "PYTHON" },
    ],
  },
  "artifactregistry.googleapis.com/v1/projects/shop/locations/europe-west3/repositories/ml": { name: "ml" },
  "europe-west3-docker.pkg.dev/v2/": {},
};

async function google(asked: Asked): Promise<Said | undefined> {
  const at = `${asked.url.host}${asked.url.pathname}`;
  if (at === "oauth2.googleapis.com/token") return token(asked);
  if (at === "sts.googleapis.com/v1/token") return exchange(asked);
  if (at === "outside.example/token") return { json: { value: asked.headers["x-ask"] === "me" ? "outside" : "" } };
  if (at === "oauth2.googleapis.com/tokeninfo") return asked.url.searchParams.get("access_token") === "given" ? { json: {} } : REFUSED;
  if (at.startsWith("iamcredentials.googleapis.com/")) {
    if (!at.includes(TARGET)) return { status: 403, json: { error: { code: 403, status: "PERMISSION_DENIED" } } };
    const seconds = Number(String(asked.json().lifetime).replace("s", ""));
    return { json: { accessToken: `of-target-by-${asked.headers.authorization?.slice(7)}`, expireTime: later(seconds).toISOString() } };
  }
  if (!asked.headers.authorization) return { status: 401 };
  const found = OPEN[at];
  return found ? { json: found } : { status: 404, json: { error: { code: 404, status: "NOT_FOUND" } } };
}

export const startGoogle = (host: Parameters<typeof fixture>[1] = null) => fixture(google, host);
