import { expect, it } from "vitest";
import { AWS } from "@/lib/providers/connectors/aws/provider";
import type { Answer, Call } from "@/lib/providers/connectors/contract";
import { objectStore } from "./object-store";

// Stores that answer to do harm: whoever may register a connector may name one of their own (SSRF-12).

const VALUES = { aws_access_key_id: "ASIA", aws_secret_access_key: "s", aws_session_token: "t", region: "us-east-1", endpoint_url: "https://store.example" };
const LIMITS = { maxFiles: 100, maxBytes: 1_000 };

function storeOf(list: (asked: number) => string) {
  let asked = 0;
  const send = async (_url: string, request: { method?: string } = {}): Promise<Answer> =>
    request.method === "HEAD" ? { status: 404, headers: {}, body: Buffer.alloc(0) } : { status: 200, headers: {}, body: Buffer.from(list(++asked)) };
  const call: Call = { send, greeting: async () => "", now: () => new Date(), host: null };
  const reader = AWS.objects?.(async () => ({ values: VALUES }), "s3://lake", call);
  if (!reader) throw new Error("it has a reader");
  return { store: objectStore({ id: "s", path: "s3://lake/art" }, async () => reader), asked: () => asked };
}

it("a list without an end ends", async () => {
  const { store, asked } = storeOf((at) => `<R><IsTruncated>true</IsTruncated><NextContinuationToken>${at}</NextContinuationToken></R>`);
  await expect(store.look("s3://lake/art/folder", LIMITS)).rejects.toMatchObject({ code: "too_large" });
  expect(asked()).toBeLessThan(1_000);
});

it("an answer made to be slow to read is read at once", async () => {
  const { store } = storeOf(() => "<Contents>".repeat(300_000));
  const begun = performance.now();
  await expect(store.look("s3://lake/art/folder", LIMITS)).rejects.toMatchObject({ code: "not_found" });
  expect(performance.now() - begun).toBeLessThan(1_000);
});

it("names that can't be decoded are the store's fault and not ours", async () => {
  const { store } = storeOf(() => "<Contents><Key>art/folder/%E0%A4%A</Key><Size>1</Size></Contents>");
  await expect(store.look("s3://lake/art/folder", LIMITS)).rejects.toMatchObject({ code: "forbidden", reason: "store_unreachable" });
});
