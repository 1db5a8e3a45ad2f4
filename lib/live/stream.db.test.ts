import { expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { asOwner } from "@/lib/kernel/test-rows";
import { eventStream } from "./stream";

const db = useTestDatabase();
const PROJECT = "018f0000-0000-7000-8000-000000000001";
const OTHER = "018f0000-0000-7000-8000-000000000002";

const notify = (projectId: string, runId: string) => asOwner(db.ownerUrl, "select pg_notify('reeve_event', $1)", [JSON.stringify({ projectId, runId })]);

/** Reads the stream's text until it holds `text`, or ends. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<{ seen: string; hasEnded: boolean }> {
  const decoder = new TextDecoder();
  for (let seen = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return { seen, hasEnded: true };
    seen += decoder.decode(value);
    if (seen.includes(text)) return { seen, hasEnded: false };
  }
}

it("tells the events of its project only, and ends within a second or two of losing the right", async () => {
  forgetEnvironment();
  const abort = new AbortController();
  let isAllowed = true;
  const reader = eventStream(PROJECT, { mayRead: async () => isAllowed, hasChanged: async () => false }, abort.signal).getReader();
  await readUntil(reader, "event: listening");
  await notify(OTHER, "foreign");
  await notify(PROJECT, "own");
  const { seen } = await readUntil(reader, '"runId":"own"');
  expect(seen).toContain("event: change");
  expect(seen).not.toContain("foreign");
  isAllowed = false;
  const refusedAt = Date.now();
  expect((await readUntil(reader, "never told")).hasEnded).toBe(true);
  expect(Date.now() - refusedAt).toBeLessThan(2_500);
  abort.abort();
});

it("tells at once what changed before it listened", async () => {
  forgetEnvironment();
  const abort = new AbortController();
  const reader = eventStream(PROJECT, { mayRead: async () => true, hasChanged: async () => true }, abort.signal).getReader();
  expect((await readUntil(reader, "event: change")).seen).toContain("event: listening");
  abort.abort();
});
