import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Call, nameOf, type Place } from "./contract";
import { type OpenStore, secretStoreOf } from "./registry";

// What every outside store has to keep to, whatever it stands before: a real service, one that speaks like it, or recorded answers.

export interface StoreCase {
  type: string;
  /** Settings that are accepted. */
  settings: Record<string, unknown>;
  /** Settings whose credential is not. */
  refused: Record<string, unknown>;
  /** Lets the peer look at credentials, where it takes any until then: nothing is asked of it after. */
  refuses?: () => Promise<void>;
  /** Settings that lead to nothing. */
  away: Record<string, unknown>;
  call: Call;
  /** Writes over what lies in a place, as its keeper would in the store itself; left out where no version can be written over. */
  overwrite?: (name: string, values: Record<string, string>) => Promise<void>;
}

const VALUES = { user: "root", password: 'pä55 \u{1F511}\n"quoted"', empty: "", "key with spaces": "{{x}}" };
const place = (version = 1): Place => ({ secretId: randomUUID(), version });

/** Declares the tests of one store. `open` starts what they need. */
export function secretStoreSuite(name: string, open: () => StoreCase | Promise<StoreCase>): void {
  describe(`a secret store: ${name}`, () => {
    let opened: Promise<StoreCase> | undefined;
    const given = () => (opened ??= Promise.resolve(open()));
    const storeOf = async (settings?: Record<string, unknown>): Promise<OpenStore> => {
      const { type, settings: usual, call } = await given();
      const kind = secretStoreOf(type);
      if (!kind) throw new Error(`no store of the type ${type}`);
      return kind.open(settings ?? usual, call);
    };

    it("is up, takes the credential and allows all that is needed", async () => (await storeOf()).check(place()));

    it("gives back what was written, whatever text it is, for this version of this secret alone", async () => {
      const store = await storeOf();
      const first = place();
      await store.write(first, VALUES);
      await store.write({ ...first, version: 2 }, { only: "this" });
      expect(await store.read(first)).toEqual(VALUES);
      expect(await store.read({ ...first, version: 2 })).toEqual({ only: "this" });
      await expect(store.read({ ...first, version: 3 })).rejects.toMatchObject({ reason: "not-found" });
      await expect(store.read(place())).rejects.toMatchObject({ reason: "not-found" });
    });

    it("a version is written once: the same again is no error, another value is refused and changes nothing", async () => {
      const store = await storeOf();
      const one = place();
      await store.write(one, VALUES);
      await store.write(one, VALUES);
      const refused = store.write(one, { ...VALUES, password: "another-canary" });
      await expect(refused).rejects.toMatchObject({ reason: "conflict", message: expect.not.stringContaining("canary") });
      expect(await store.read(one)).toEqual(VALUES);
    });

    it("takes 25 kB in 100 keys", async () => {
      const store = await storeOf();
      const one = place();
      const large = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`key-${at}`, "x".repeat(230)]));
      await store.write(one, large);
      expect(await store.read(one)).toEqual(large);
    });

    it("a deleted version says so and comes back with its values; a destroyed one does not", async () => {
      const store = await storeOf();
      const one = place();
      await store.write(one, VALUES);
      await store.remove(one);
      await expect(store.read(one)).rejects.toMatchObject({ reason: "deleted" });
      await store.restore(one);
      expect(await store.read(one)).toEqual(VALUES);
      await store.remove(one);
      await store.destroy(one);
      await expect(store.read(one)).rejects.toMatchObject({ reason: "not-found" });
      await expect(store.restore(one)).rejects.toMatchObject({ name: "StoreError" });
      await store.destroy(one); // once more is no error
      await store.destroy(place());
    });

    it("what its keeper wrote over in the store itself is read as it lies there, and is hidden and ended with the rest", async () => {
      const { overwrite } = await given();
      const store = await storeOf();
      const one = { ...place(), copy: "0a1b2c3d" };
      await store.write(one, VALUES);
      await overwrite?.(nameOf(one), { user: "changed there" });
      expect(await store.read(one)).toEqual(overwrite ? { user: "changed there" } : VALUES);
      await store.remove(one);
      await expect(store.read(one)).rejects.toMatchObject({ reason: "deleted" });
      await store.restore(one);
      expect(await store.read(one)).toEqual(overwrite ? { user: "changed there" } : VALUES);
      await store.destroy(one);
      await expect(store.read(one)).rejects.toMatchObject({ reason: "not-found" });
    });

    it("a credential that is not accepted is refused, in words without it", async () => {
      const { refused, refuses } = await given();
      await refuses?.();
      const work = (await storeOf(refused)).read(place());
      await expect(work).rejects.toMatchObject({ reason: "refused" });
      // A try tells of what failed first, not of the probe that it could not take away either.
      await expect((await storeOf(refused)).check(place())).rejects.toMatchObject({ reason: "refused", message: expect.not.stringContaining("estroy") });
      const text = await work.catch((error: Error) => `${error.message} ${error.stack}`);
      for (const value of Object.values(refused)) if (typeof value === "string" && value.includes("wrong")) expect(text).not.toContain(value);
    });

    it("a store that is away is told as such", async () => {
      const { away } = await given();
      await expect((await storeOf(away)).read(place())).rejects.toMatchObject({ reason: "unreachable" });
    });

    it("says which settings are wrong, never what is in them", async () => {
      const { type, call, settings } = await given();
      const wrong = () => secretStoreOf(type)?.open({ ...settings, unheard: "canary-of" }, call);
      expect(wrong).toThrow(expect.objectContaining({ reason: "misconfigured", message: expect.not.stringContaining("canary-of") }));
    });

    it("its names fit every store's rules", () => {
      expect(nameOf(place(10_000))).toMatch(/^[0-9A-Za-z-]{1,100}$/);
    });
  });
}
