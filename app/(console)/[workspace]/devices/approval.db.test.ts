import { randomUUID } from "node:crypto";
import { beforeAll, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { requestDevice } from "@/lib/devices/request-device";
import { openSession } from "@/lib/identity/start-session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { approveDeviceAction, checkDeviceCodeAction, refuseDeviceAction } from "./actions";
import ApprovalPage from "./verify/page";

// The approval page as the browser reaches it: a link changes nothing, an answer needs our own page and a person with access.

const browser = vi.hoisted(() => ({ cookie: "", headers: {} as Record<string, string> }));
vi.mock("next/headers", () => ({
  headers: async () => new Headers(browser.headers),
  cookies: async () => ({ get: (name: string) => (name === "reeve.session" ? { value: browser.cookie } : undefined) }),
}));

const db = useTestDatabase();
const OURS = { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" };
let organization: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
});

async function pending(person = organization.people.contributor) {
  browser.headers = OURS;
  browser.cookie = (await openSession(person.id, "browser", testRequest())).token;
  const codes = await requestDevice(organization.own.workspace, randomUUID(), testRequest(`203.0.113.${Math.floor(Math.random() * 250)}`));
  const fields = (more: Record<string, string> = {}) => {
    const form = new FormData();
    const all = { workspace: organization.own.workspace.slug, deviceId: codes.deviceId, userCode: codes.userCode, ...more };
    for (const [name, value] of Object.entries(all)) form.set(name, value);
    return form;
  };
  const open = (query: Record<string, string> = { user_code: codes.userCode }) =>
    ApprovalPage({
      params: Promise.resolve({ workspace: organization.own.workspace.slug }),
      searchParams: Promise.resolve({ device_id: codes.deviceId, ...query }),
    });
  const row = async () =>
    (
      await asOwner(db.ownerUrl, "select status, is_trusted, failed_attempts, refused_at is not null as refused from device where id = $1", [codes.deviceId])
    )[0];
  return { fields, open, row };
}
const idle = { status: "idle" } as const;

it("DEV-7 opening the link, with the right code in it, approves nothing", async () => {
  const { open, row } = await pending();
  await open();
  await open({});
  await open({ user_code: "0".repeat(32) });
  expect(await row()).toEqual({ status: "pending", is_trusted: false, failed_attempts: 0, refused: false });
});

it.each([
  ["from another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ["without an origin", {}],
  ["from a null origin", { origin: "null" }],
])("DEV-7 an approval %s is refused", async (_what, headers) => {
  const { fields, row } = await pending();
  browser.headers = headers;
  for (const act of [approveDeviceAction, refuseDeviceAction, checkDeviceCodeAction])
    expect(await act(idle as never, fields())).toMatchObject({ status: "error", code: "forbidden" });
  expect(await row()).toMatchObject({ status: "pending", refused: false });
});

it("DEV-7 a typed code is checked, and a click approves what was shown", async () => {
  const { fields, row } = await pending();
  expect(await checkDeviceCodeAction(idle, fields({ userCode: "0".repeat(32) }))).toMatchObject({
    status: "done",
    result: { status: "wrong_code", triesLeft: 2 },
  });
  expect(await checkDeviceCodeAction(idle, fields())).toMatchObject({ status: "done", result: { status: "right_code" } });
  expect(await row()).toMatchObject({ status: "pending", failed_attempts: 1 });
  expect(await approveDeviceAction(idle, fields({ trusted: "on" }))).toMatchObject({ status: "done", result: { status: "approved" } });
  expect(await row()).toMatchObject({ status: "verified", is_trusted: true });
});

it("I did not ask for this: the device locks, and the trail says why", async () => {
  const { fields, row } = await pending();
  expect(await refuseDeviceAction(idle, fields({ suspicious: "true" }))).toMatchObject({ status: "done" });
  expect(await row()).toMatchObject({ status: "locked", refused: true });
  const rows = await asOwner(db.ownerUrl, "select action, reason from audit_entry order by seq desc limit 1");
  expect(rows).toEqual([{ action: "device.refused", reason: "not_asked_for" }]);
});

it("DEV-8 who may not read the workspace gets a 404, and the device that waits is refused", async () => {
  const stranger = await makePerson(organization.id, "viewer", organization.foreign.workspace.id);
  const { open, row } = await pending(stranger);
  await expect(open({ user_code: "0".repeat(32) })).rejects.toMatchObject({ digest: expect.stringContaining("404") });
  expect(await row()).toMatchObject({ refused: false });
  await expect(open()).rejects.toMatchObject({ digest: expect.stringContaining("404") });
  expect(await row()).toMatchObject({ status: "pending", refused: true });
});
