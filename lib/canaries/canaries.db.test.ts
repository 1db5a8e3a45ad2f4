import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { GET as live } from "@/app/api/live/route";
import { GET as tags } from "@/app/api/tags/route";
import { listGrants } from "@/lib/access/list-grants";
import { listReach } from "@/lib/access/reach";
import { listRoles } from "@/lib/access/roles";
import { listSubjects } from "@/lib/access/why";
import { listDirectories } from "@/lib/directories/queries";
import { actorOfToken, cookiesOf, sessionToken } from "@/lib/identity/session";
import { drainOutbox } from "@/lib/jobs/outbox";
import { canaryMark, isCanaryMark, MARK_HEADER } from "@/lib/kernel/canary-mark";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { requestContext } from "@/lib/kernel/request";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings } from "@/lib/kernel/test-things";
import { getHome } from "@/lib/organizations/get-home";
import { serveScim } from "@/lib/wire/scim/serve";
import { serveZenml } from "@/lib/wire/zenml/serve";
import { listWorkspaces } from "@/lib/workspaces/list-workspaces";
import { holdCanary } from "./hold";
import { findSpot, withCanaries } from "./place";
import { getMonitor, listTrials } from "./queries";
import { CANARY_TOPIC, runRound } from "./run-round";
import { CAUSE_IDS, CAUSES, verdictOf } from "./schema";
import { queueDueRounds, requestRound, switchCanaries } from "./settings";

// The canaries against the doors themselves, on a server of the test's own: what Next would draw (a page, an action) is said by the session alone.
// e2e/specs/revocation.spec.ts runs a round on the built product.

const db = useTestDatabase();
const owner = (text: string, values: unknown[] = []) => asOwner(db.ownerUrl, text, values);
const build = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-build-"));
const ACTION = { filename: "app/(console)/account/actions.ts", exportedName: "updateProfileAction" };
let acme: TestOrganization;
let server: http.Server;
/** How long the page goes on after the session's end, in ms: a door that was forgotten. */
let leak = 0;
const lastSeen = new Map<string, number>();

beforeAll(async () => {
  fs.mkdirSync(path.join(build, "server"));
  fs.writeFileSync(path.join(build, "server/server-reference-manifest.json"), JSON.stringify({ node: { "7f00": ACTION } }));
  server = http.createServer((incoming, outgoing) => void answer(incoming, outgoing)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  Object.assign(process.env, {
    REEVE_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
    REEVE_URL: `http://127.0.0.1:${port}`,
    PORT: String(port),
    REEVE_DIST_DIR: build,
    REEVE_LOG_LEVEL: "error",
  });
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
});
beforeEach(async () => {
  leak = 0;
  await owner("delete from canary_round");
  await owner("delete from outbox");
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  fs.rmSync(build, { recursive: true });
  delete process.env.REEVE_DIST_DIR;
});

async function answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host}`);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const abort = new AbortController();
  outgoing.once("close", () => abort.abort());
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]);
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
  const request = new Request(url, { method: incoming.method, headers, body, signal: abort.signal });
  const response = await dispatch(url, request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  try {
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) outgoing.write(part.value);
  } catch {
    // the client went away
  }
  outgoing.end();
}

async function dispatch(url: URL, request: Request): Promise<Response> {
  const parts = url.pathname.split("/").slice(1);
  const none = { params: Promise.resolve({}) };
  if (url.pathname.startsWith("/api/scim/v2/")) return serveScim(request);
  if (url.pathname === "/api/live") return live(request, none);
  if (url.pathname === "/api/tags") return tags(request, none);
  if (parts[1] === "api") return serveZenml(request);
  return drawn(url, request);
}

async function drawn(url: URL, request: Request): Promise<Response> {
  const token = sessionToken(cookiesOf(request.headers)) ?? "";
  const actor = await actorOfToken(token);
  const isAction = request.method === "POST";
  const mayRead = actor && (isAction || actor.grants.some((grant) => grant.workspaceId !== null));
  if (mayRead) lastSeen.set(token, Date.now());
  const isLeaking = !isAction && Date.now() - (lastSeen.get(token) ?? 0) < leak;
  if (isAction) return new Response(mayRead ? '1:{"status":"done"}' : '1:{"status":"error","code":"unauthenticated"}');
  if (mayRead || isLeaking) return new Response("drawn");
  return new Response(null, { status: actor ? 404 : 307, headers: actor ? {} : { location: `/sign-in?next=${url.pathname}` } });
}

const admin = () => callAs(acme.people["system-admin"], null);
const LIST = { conditions: [], sort: { field: "at", direction: "desc" as const }, limit: 1_000 };
const round = () => runRound({ organizationId: acme.id }, { id: 1, workspaceId: null, attempts: 1, signal: AbortSignal.timeout(60_000) });

/** What people see of the organization that a canary could show in. */
async function shown() {
  const at = { actor: acme.people["system-admin"], request: callAs(acme.people["system-admin"], null).request, workspace: acme.own.workspace };
  const { people, serviceAccounts } = await ask(getHome, admin(), {});
  return JSON.stringify([
    people,
    serviceAccounts,
    (await ask(listGrants, admin(), { conditions: [], sort: { field: "since", direction: "desc" }, withEnded: true })).rows.length,
    await ask(listRoles, admin(), {}),
    (await ask(listReach, at, { permission: "run:read" })).paths.length,
    (await ask(listSubjects, at, {})).map((subject) => subject.name),
    await ask(listDirectories, admin(), {}),
    (await ask(listWorkspaces, admin(), { conditions: [], sort: { field: "name", direction: "asc" } })).rows.map((row) => row.members),
  ]);
}

const leftovers = async () =>
  (
    await owner(`select (select count(*)::int from principal where kind = 'canary') as people,
      (select count(*)::int from directory where provider = 'canary') as directories,
      (select count(*)::int from session s left join principal p on p.id = s.principal_id where p.id is null) as sessions`)
  )[0];

it("a round measures every cause on every surface that it ends, removes its canaries, and stands in the trail as theirs", { timeout: 60_000 }, async () => {
  const [{ seq } = { seq: 0 }] = await owner("select coalesce(max(seq), 0)::int as seq from audit_entry");
  await round();
  const { rows } = await ask(listTrials, admin(), LIST);
  const wanted = CAUSE_IDS.filter((cause) => cause !== "provider-logout").flatMap((cause) => CAUSES[cause].ends.map((surface) => `${cause} ${surface}`));
  expect(rows.map((row) => `${row.cause} ${row.surface}`).sort()).toEqual(wanted.sort());
  expect(rows.filter((row) => verdictOf(row) !== "refused")).toEqual([]);
  expect(Math.max(...rows.map((row) => row.seconds ?? 99))).toBeLessThan(1);
  expect(await leftovers()).toEqual({ people: 0, directories: 0, sessions: 0 });
  const { last, measured } = await ask(getMonitor, admin(), {});
  expect(last).toMatchObject({ failure: null, trials: wanted.length });
  expect(measured).toHaveLength(wanted.length);
  const origins = await owner("select distinct origin from audit_entry where seq > $1", [seq]);
  expect(origins).toEqual([{ origin: "canary" }]);
  const [entry] = await owner("select after from audit_entry where action = 'canary.measured' order by seq desc limit 1");
  expect(entry?.after).toMatchObject({ trials: wanted.length, late: 0, open: 0, notMeasured: 0 });
});

it("a sign-out by the identity provider is measured where sign-on is connected", { timeout: 60_000 }, async () => {
  const { ssoConnectionId } = await makeThings(acme.own, acme.people.viewer.id);
  await owner("delete from canary_round");
  await owner("update sso_connection set state = 'on' where id = $1", [ssoConnectionId]);
  await round();
  await owner("update sso_connection set state = 'off' where id = $1", [ssoConnectionId]);
  const { rows } = await ask(listTrials, admin(), { ...LIST, conditions: [{ field: "cause", op: "equals", value: "provider-logout" }] });
  expect(rows.map((row) => [row.surface, verdictOf(row)]).sort()).toEqual(CAUSES["provider-logout"].ends.map((surface) => [surface, "refused"]).sort());
});

it("no list, count or directory shows a canary while it lives", async () => {
  const spot = await findSpot(acme.id);
  const before = await shown();
  await withCanaries(acme.id, spot as NonNullable<typeof spot>, async (place) => {
    const held = await holdCanary(place);
    expect(await leftovers()).toMatchObject({ people: 2, directories: 1 });
    expect(await shown()).toBe(before);
    held.stream.close();
  });
});

it("a door that stays open after the end is late, and one that can't be used is not measured", { timeout: 60_000 }, async () => {
  leak = 1_300;
  await round();
  const late = (await ask(listTrials, admin(), { ...LIST, conditions: [{ field: "verdict", op: "equals", value: "late" }] })).rows;
  expect(new Set(late.map((row) => row.surface))).toEqual(new Set(["page"]));
  expect(late).toHaveLength(CAUSE_IDS.filter((cause) => cause !== "provider-logout" && (CAUSES[cause].ends as readonly string[]).includes("page")).length);
  const [entry] = await owner("select after from audit_entry where action = 'canary.measured' order by seq desc limit 1");
  expect(entry?.after).toMatchObject({ late: late.length });
});

it("a round that can't be made says why", async () => {
  const port = process.env.PORT;
  process.env.PORT = "1";
  forgetEnvironment();
  await round();
  process.env.PORT = port;
  forgetEnvironment();
  const { rows } = await ask(listTrials, admin(), LIST);
  expect(rows.every((row) => verdictOf(row) === "not measured" && /ECONNREFUSED/.test(row.failure ?? ""))).toBe(true);
  expect(await leftovers()).toEqual({ people: 0, directories: 0, sessions: 0 });
});

it("a second round doesn't begin while one is under way, and one that was cut off is ended", async () => {
  const begun = "insert into canary_round (id, organization_id, at) values (gen_random_uuid(), $1, now() - $2::interval)";
  await owner(begun, [acme.id, "10 seconds"]);
  await round();
  expect((await owner("select count(*)::int as n from canary_round"))[0]).toEqual({ n: 1 });
  await owner("update canary_round set at = now() - interval '4 minutes'");
  const port = process.env.PORT;
  process.env.PORT = "1";
  forgetEnvironment();
  await round();
  process.env.PORT = port;
  forgetEnvironment();
  expect(await owner("select failure from canary_round order by at")).toEqual([{ failure: "the worker was stopped meanwhile" }, { failure: null }]);
});

it("rounds begin every hour, once, unless they are switched off; one can be asked for either way", async () => {
  const due = () => owner("update organization set canaries_next_at = now() - interval '1 second'");
  expect(await queueDueRounds()).toBe(0);
  await due();
  expect(await Promise.all([queueDueRounds(), queueDueRounds()]).then((counts) => counts.sort())).toEqual([0, 1]);
  expect(await owner("select topic from outbox")).toEqual([{ topic: CANARY_TOPIC }]);
  await execute(switchCanaries, admin(), { isOn: "false" });
  await due();
  expect(await queueDueRounds()).toBe(0);
  await execute(requestRound, admin(), {});
  const asked: unknown[] = [];
  await drainOutbox(new Map([[CANARY_TOPIC, async (payload) => void asked.push(payload.askedBy)]]));
  expect(asked).toEqual([undefined, acme.people["system-admin"].id]);
  await execute(switchCanaries, admin(), { isOn: "true" });
  expect(await ask(getMonitor, admin(), {})).toMatchObject({ isOn: true, isOverdue: false });
  await owner("update organization set canaries_next_at = now() - interval '2 hours'");
  expect(await ask(getMonitor, admin(), {})).toMatchObject({ isOverdue: true });
});

it("only a mark that we signed and that is fresh makes a request a canary's", () => {
  const mark = canaryMark();
  const origin = (value: string) => requestContext(new Headers({ [MARK_HEADER]: value }), "ui").origin;
  expect(origin(mark)).toBe("canary");
  // The last character has bits that say nothing: "B" in place of "A" would be the same mark.
  expect(origin(mark.replace(/.$/, (last) => (last === "A" ? "E" : "A")))).toBe("ui");
  expect(origin(`9${mark.slice(1)}`)).toBe("ui");
  expect(origin("x")).toBe("ui");
  expect(isCanaryMark(mark, Date.now() + 121_000)).toBe(false);
});
