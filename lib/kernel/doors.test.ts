import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "@/lib/authz/permissions";

// WEB-3: every way into the product declares its permission. A page is made by `page()`, a route handler by `route()` or the wire's
// dispatcher, a server action by `action()`; whatever else is public and stands here with its reason. A new file that does neither fails.

const ROOT = path.resolve(import.meta.dirname, "../..");

const PUBLIC: Record<string, string> = {
  "app/(public)/sign-in/page.tsx": "one proves here who one is",
  "app/(public)/sign-in/actions.ts": "throttled and audited by signIn(); same origin only",
  "app/(public)/sign-in/emergency/page.tsx": "explains an emergency session; the one-use secret is the proof",
  "app/(public)/sign-in/emergency/actions.ts": "the one-use secret is the proof; same origin only",
  "app/(public)/sign-in/forgot/page.tsx": "who forgot the password can't sign in",
  "app/(public)/sign-in/forgot/actions.ts": "throttled, and the same answer for every address; same origin only",
  "app/(public)/sign-in/password/page.tsx": "sets a password for who has the one-use secret",
  "app/(public)/sign-in/password/actions.ts": "the one-use secret is the proof; same origin only",
  "app/(public)/sign-out/route.ts": "ends the caller's own session by a command; same origin only",
  "app/(public)/[workspace]/activate-user/page.tsx": "sets a password for who has the one-use token",
  "app/(public)/[workspace]/activate-user/actions.ts": "the one-use token is the proof; same origin only",
  "app/(public)/invite/page.tsx": "the one-time secret in the link's fragment opens it",
  "app/(public)/invite/actions.ts": "the one-time secret is the proof; same origin only",
  "app/(public)/setup/page.tsx": "shows a form only to who has the one-time secret",
  "app/(public)/setup/actions.ts": "the one-time secret is the proof; same origin only",
  "app/api/sso/authorize/route.ts": "this is how one signs in; tests and links look for their session themselves",
  "app/api/sso/oidc/route.ts": "an identity provider's answer is the proof",
  "app/api/sso/[connection]/acs/route.ts": "an identity provider's signed answer is the proof",
  "app/api/sso/[connection]/logout/route.ts": "an identity provider's signature is the proof",
  "app/api/sso/[connection]/backchannel-logout/route.ts": "an identity provider's signed token is the proof",
  "app/api/sso/[connection]/metadata/route.ts": "addresses and a certificate, as identity providers read them",
  "app/api/auth/[...nextauth]/route.ts": "the session library: reads and ends the caller's own session",
  "app/api/health/route.ts": "says that the process lives",
  "app/api/health/ready/route.ts": "says whether the database answers",
  "app/(wire)/[workspace]/health/route.ts": "the same, where clients of a workspace look for it",
  "app/(wire)/[workspace]/ready/route.ts": "the same, where clients of a workspace look for it",
  "app/api/metrics/route.ts": "has a token of its own, and is a 404 without one",
  "app/api/v1/info/route.ts": "tells clients that forgot the workspace the right address, and nothing else",
};

/** Made by a wire's one dispatcher: its table names a permission for each endpoint, or each call ends in a command. */
const WIRE_HANDLERS = ["serveZenml", "serveScim"];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const files = (fs.readdirSync(path.join(ROOT, "app"), { recursive: true, encoding: "utf8" }) as string[]).map((name) => `app/${name.replaceAll("\\", "/")}`);
const text = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

const pages = files.filter((file) => /\/(page|default)\.tsx?$/.test(file));
const routes = files.filter((file) => /\/route\.tsx?$/.test(file));
const sources = ["app", "components", "lib"].flatMap((room) =>
  (fs.readdirSync(path.join(ROOT, room), { recursive: true, encoding: "utf8" }) as string[])
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => `${room}/${name.replaceAll("\\", "/")}`),
);
const actions = sources.filter((file) => /^\s*["']use server["']/m.test(text(file)));

/** What is wrong with a file; undefined when it declares itself. Exported functions of each kind are looked at one by one. */
function undeclared(kind: "page" | "route" | "action", source: string): string | undefined {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  if (kind === "page") {
    const permission = /export default page\(\s*"([^"]+)"/.exec(code)?.[1];
    return permission === undefined ? "the default export is not made by page()" : unknown(permission);
  }
  const exported = [...code.matchAll(/export\s+(?:(?:async\s+)?function\s+(\w+)|const\s+(\w+)(?::[^=]+)?\s*=\s*([^;]*?)(?=\(|;|\n\n|$)|\{([^}]*)\})/g)];
  for (const [, declared, named, made = "", list] of exported) {
    const name = declared ?? named ?? list ?? "";
    if (kind === "route" && !METHODS.some((method) => new RegExp(`\\b${method}\\b`).test(name))) continue;
    const maker = made.trim();
    if (kind === "action" ? maker !== "action" : maker !== "route" && !WIRE_HANDLERS.includes(maker)) return `${name.trim()} is not made by ${kind}()`;
    const permission = kind === "route" && maker === "route" ? new RegExp(`${name}\\s*=\\s*route\\(\\s*"([^"]+)"`).exec(code)?.[1] : undefined;
    if (kind === "route" && maker === "route" && permission === undefined) return `${name} names no permission`;
    if (permission !== undefined && unknown(permission)) return unknown(permission);
  }
  if (exported.length === 0) return "it exports nothing that could be checked";
  return undefined;
}

const unknown = (permission: string) => (PERMISSIONS.includes(permission as never) ? undefined : `${permission} is no permission`);

describe.each([
  ["page", pages],
  ["route", routes],
  ["action", actions],
] as const)("every %s", (kind, list) => {
  it("there are some", () => expect(list.length).toBeGreaterThan(1));
  it.each(list.map((file) => [file]))("%s declares its permission or is public for a reason", (file) => {
    if (file in PUBLIC) return;
    expect(undeclared(kind, text(file))).toBeUndefined();
  });
});

it("the public list names only what there is", () => {
  expect(Object.keys(PUBLIC).filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});

it("server actions stand in files of their own, so that none is missed", () => {
  const inside = sources.filter((file) => /["']use server["']/.test(text(file)) && !/^\s*["']use server["']/.test(text(file)));
  expect(inside).toEqual([]);
});

it("there is no other kind of door", () => {
  expect(files.filter((file) => /\/(pages|middleware)\b.*\.[jt]sx?$/.test(file))).toEqual([]);
  expect(fs.existsSync(path.join(ROOT, "pages"))).toBe(false);
  expect(fs.existsSync(path.join(ROOT, "middleware.ts"))).toBe(false);
});

it.each([
  ["page", `export default page("run:read", async () => null);`, undefined],
  ["page", `export default async function Page() { return null; }`, "the default export is not made by page()"],
  ["page", `export default page("run:raed", async () => null);`, "run:raed is no permission"],
  ["route", `export const GET = route("run:read", async () => new Response());`, undefined],
  ["route", `export const GET = route("run:read", h);\nexport async function POST() {}`, "POST is not made by route()"],
  ["route", `export const GET = route("run:read", h);\nexport const POST = async (request) => new Response();`, "POST is not made by route()"],
  ["route", `async function handle() {}\nexport { handle as GET };`, "handle as GET is not made by route()"],
  ["route", `export const dynamic = "force-dynamic";\nexport const GET = serveZenml;`, undefined],
  ["route", `export const GET = wrap(route("run:read", h));`, "GET is not made by route()"],
  ["action", `"use server";\nexport const save = action(createThing);`, undefined],
  ["action", `"use server";\nexport async function save(form) { await database().deleteFrom("run").execute(); }`, "save is not made by action()"],
  ["action", `"use server";\nexport const save = async (form) => {};`, "save is not made by action()"],
] as const)("the check itself: a %s like %j", (kind, source, problem) => {
  expect(undeclared(kind, source)).toBe(problem);
});

it("refuses a page in one place, which writes the entry", () => {
  const elsewhere = files.filter((file) => /\.tsx?$/.test(file) && /\bforbidden\(\)/.test(fs.readFileSync(path.join(ROOT, file), "utf8")));
  expect(elsewhere).toEqual([]);
});
