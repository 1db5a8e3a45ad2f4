import "server-only";
import http from "node:http";
import { createDirectory } from "@/lib/directories/change-directory";
import { loadActor, operatorActor } from "@/lib/identity/actor";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { openSession } from "@/lib/identity/start-session";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { endSessionsOf } from "@/lib/members/end-sessions";
import { createPersonalToken } from "@/lib/tokens/create-token";
import { revokePersonalToken } from "@/lib/tokens/revoke-token";
import type { Installation } from "./installation";
import { PROJECT, WORKSPACE } from "./things";

// How long access lives after what ends it: each trial makes somebody with everything that people hold, ends it by one cause, and asks each
// surface until it refuses. The time counts from the moment that the cause was answered. The web server's processes share nothing but the database.

type Held = { principalId: string; userId: string; sessionId: string; cookie: string; tokenId: string; personal: string; key: string; stream: Stream };
type Surface = "page" | "route" | "stream" | "wire, personal token" | "wire, API key";
export type Trial = { cause: string; surface: Surface; ms: number };

const ALL: Surface[] = ["page", "route", "stream", "wire, personal token", "wire, API key"];
const OF_SESSION: Surface[] = ["page", "route", "stream"];
const GIVE_UP_MS = 10_000;

/** Runs trials until there are `count` pairs of cause and surface; four people at once. */
export async function revocationTrials(at: Installation, count: number): Promise<Trial[]> {
  const context: CallContext = { actor: operatorActor(at.plot.organizationId), request: systemContext("ui"), workspace: null };
  const directory = await execute(createDirectory, context, { slug: `bench-${newId().slice(-8)}`, name: "Bench", provider: "okta" });
  const scim = (method: string, path: string, body?: unknown) =>
    fetch(`${at.url}/api/scim/v2/${directory.slug}${path}`, {
      method,
      headers: { authorization: `Bearer ${directory.token}`, "content-type": "application/scim+json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const causes: [string, Surface[], (held: Held) => Promise<unknown>][] = [
    ["the directory says inactive", ALL, ({ userId }) => scim("PATCH", `/Users/${userId}`, patch({ active: false }))],
    ["the directory removes the person", ALL, ({ userId }) => scim("DELETE", `/Users/${userId}`)],
    ["an administrator deactivates", ALL, ({ principalId }) => execute(deactivatePerson, context, { principalId, reason: "left" })],
    ["sessions are ended", OF_SESSION, ({ principalId }) => execute(endSessionsOf, context, { principalId })],
    ["the token is revoked", ["wire, personal token"], async (held) => execute(revokePersonalToken, await asPerson(held), { tokenId: held.tokenId })],
  ];
  const trials: Trial[] = [];
  let next = 0;
  const worker = async () => {
    while (trials.length < count) {
      const [cause, surfaces, act] = causes[next++ % causes.length] as (typeof causes)[number];
      const held = await hold(at, scim);
      await act(held);
      const started = performance.now();
      trials.push(...(await Promise.all(surfaces.map(async (surface) => ({ cause, surface, ms: await refusedAfter(at, held, surface, started) })))));
      held.stream.close();
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return trials;
}

const patch = (value: object) => ({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "replace", value }] });

async function asPerson({ principalId, sessionId }: Held): Promise<CallContext> {
  const actor = await inScope([], (tx) => loadActor(tx, principalId, { kind: "session", id: sessionId, label: "bench" }));
  if (!actor) throw new Error("the person is not active");
  return { actor, request: systemContext("ui"), workspace: null };
}

/** Somebody whom the directory brought, with a session and its open stream, a personal token, and a key that was issued to them. */
async function hold(at: Installation, scim: (method: string, path: string, body?: unknown) => Promise<Response>): Promise<Held> {
  const { organizationId, workspaceId } = at.plot;
  const made = (await (await scim("POST", "/Users", { userName: `p-${newId()}@example.com`, displayName: "P", active: true })).json()) as { id: string };
  const [accountId, keyId, secret] = [newId(), newId(), mintKeySecret()];
  const principalId = await inScope([], async (tx) => {
    const { principal_id } = await tx.selectFrom("directory_user").select("principal_id").where("id", "=", made.id).executeTakeFirstOrThrow();
    const grant = { organization_id: organizationId, role: "viewer", source: "person", scope_kind: "workspace", workspace_ref: workspaceId };
    await tx
      .insertInto("role_grant")
      .values({ ...grant, id: newId(), principal_id })
      .execute();
    const account = { id: accountId, organization_id: organizationId, home_workspace_id: workspaceId, kind: "service_account", name: `ci-${accountId}` };
    await tx.insertInto("principal").values(account).execute();
    await tx
      .insertInto("role_grant")
      .values({ ...grant, id: newId(), principal_id: accountId })
      .execute();
    const key = { id: keyId, organization_id: organizationId, principal_id: accountId, name: "k", secret_hmac: hashApiKey(secret), issued_to: principal_id };
    await tx.insertInto("api_key").values(key).execute();
    return principal_id;
  });
  const session = await openSession(principalId, "bench", systemContext("ui"));
  const cookie = `reeve.session=${session.token}`;
  const held = { principalId, userId: made.id, sessionId: session.id, cookie, key: formatApiKey(keyId, secret) };
  const token = await execute(createPersonalToken, await asPerson(held as Held), { name: "bench" });
  return {
    ...held,
    tokenId: token.id,
    personal: token.value,
    stream: await openStream(`${at.url}/api/live?workspace=${WORKSPACE}&project=${PROJECT}`, cookie),
  };
}

async function refusedAfter(at: Installation, held: Held, surface: Surface, started: number): Promise<number> {
  if (surface === "stream") {
    const ended = await Promise.race([held.stream.ended, new Promise<number>((resolve) => setTimeout(() => resolve(Number.POSITIVE_INFINITY), GIVE_UP_MS))]);
    return Math.max(0, ended - started);
  }
  for (;;) {
    const isServed = await served(at, held, surface);
    const ms = performance.now() - started;
    if (!isServed) return ms;
    if (ms > GIVE_UP_MS) return Number.POSITIVE_INFINITY;
  }
}

async function served(at: Installation, held: Held, surface: Exclude<Surface, "stream">): Promise<boolean> {
  const asked: Record<typeof surface, [string, Record<string, string>]> = {
    page: [`/${WORKSPACE}/runs`, { cookie: held.cookie }],
    route: ["/api/shell", { cookie: held.cookie }],
    "wire, personal token": [`/${WORKSPACE}/api/v1/current-user`, { authorization: `Bearer ${held.personal}` }],
    "wire, API key": [`/${WORKSPACE}/api/v1/current-user`, { authorization: `Bearer ${held.key}` }],
  };
  const [path, headers] = asked[surface];
  const { status } = await fetch(`${at.url}${path}`, { headers, redirect: "manual" });
  return status === 200;
}

type Stream = { ended: Promise<number>; close: () => void };
function openStream(url: string, cookie: string): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { cookie }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`the stream answered ${response.statusCode}`));
      const ended = new Promise<number>((done) => response.once("close", () => done(performance.now())));
      response.resume();
      resolve({ ended, close: () => request.destroy() });
    });
    request.once("error", reject);
  });
}

/** Rows of a table: each surface and cause with its count, median and worst, in milliseconds. */
export function summary(trials: readonly Trial[]): string[][] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const name = `${trial.surface} | ${trial.cause}`;
    groups.set(name, [...(groups.get(name) ?? []), trial]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([name, of]) => [...name.split(" | "), String(of.length), ...figures(of.map(({ ms }) => ms))]);
}

const figures = (ms: number[]): string[] => {
  const sorted = [...ms].sort((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0].map((value) => value.toFixed(0));
};
/** The median of all. */
export const medianOf = (trials: readonly Trial[]): number => Number(figures(trials.map(({ ms }) => ms))[0]);
