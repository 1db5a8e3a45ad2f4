import { sql } from "kysely";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { useTestDatabase } from "@/db/test-database";
import { defineCommand, execute, UNCHANGED } from "./command";
import { callAs, makeTestOrganization, type TestOrganization } from "./test-organization";

// What a command acts on is looked for as the actor of a moment ago finds it, while the grants of now are loaded.

useTestDatabase();
let acme: TestOrganization;
let asked: string[] = [];
let fails: string[] = []; // SQLSTATEs, one for each look

const looking = defineCommand({
  name: "test.looked-early",
  permission: "session:read",
  input: z.strictObject({}),
  scope: async ({ tx, actor }) => {
    asked.push(actor.name);
    const state = fails.shift();
    if (state) await sql.raw(`do $$ begin raise exception 'as asked' using errcode = '${state}'; end $$`).execute(tx);
    return { ownerId: actor.id };
  },
  run: async ({ actor }) => ({ result: actor.name, audit: UNCHANGED }),
});

beforeAll(async () => {
  acme = await makeTestOrganization();
});

it("a deadlock of the early look is tried again, also when the actor is another one by now", async () => {
  const { viewer } = acme.people;
  for (const known of [viewer, { ...viewer, name: "as of a moment ago" }]) {
    asked = [];
    fails = ["40P01"];
    expect(await execute(looking, callAs(known), {})).toBe(viewer.name);
    expect(asked.length).toBeGreaterThan(1);
  }
});
