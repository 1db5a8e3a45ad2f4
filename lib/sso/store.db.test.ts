import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { useTestDatabase } from "@/db/test-database";
import { signOnStore } from "./store";

useTestDatabase();

const store = () => signOnStore(database());
const sealed = (value: string) => ({ value, iv: "iv", tag: "tag" });

describe("the store of single sign-on", () => {
  it("OIDC-10: of 50 that read one code at once, one gets it", async () => {
    const code = randomUUID();
    await store().put("oauth:code", code, sealed("code"), 300);
    const reads = await Promise.all(Array.from({ length: 50 }, () => store().get("oauth:code", code)));
    expect(reads.filter(Boolean)).toEqual([sealed("code")]);
  });

  it("keeps what isn't a code, and replaces the names it is found by", async () => {
    const [key, before, after] = [randomUUID(), randomUUID(), randomUUID()];
    await store().put("saml:config", key, sealed("one"), 0, { name: "tenant", value: before });
    await store().put("saml:config", key, sealed("two"), 0, { name: "tenant", value: after });
    expect(await store().get("saml:config", key)).toEqual(sealed("two"));
    expect(await store().get("saml:config", key)).toEqual(sealed("two"));
    expect((await store().getByIndex("saml:config", { name: "tenant", value: before })).data).toEqual([]);
    expect((await store().getByIndex("saml:config", { name: "tenant", value: after })).data).toEqual([sealed("two")]);
    expect(await store().getCount("saml:config", { name: "tenant", value: after })).toBe(1);
  });

  it("shows nothing that expired, in no way of reading", async () => {
    const key = randomUUID();
    const index = { name: "id", value: key };
    await store().put("oauth:session", key, sealed("gone"), 0.001, index);
    await new Promise((done) => setTimeout(done, 20));
    expect(await store().get("oauth:session", key)).toBeNull();
    expect((await store().getByIndex("oauth:session", index)).data).toEqual([]);
    expect(await store().getCount("oauth:session", index)).toBe(0);
  });
});
