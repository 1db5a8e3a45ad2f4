import { describe, expect, it } from "vitest";
import { connectorType, isSecretField } from "./catalogue";
import { type Call, type Connection, type ConnectorProvider, ProviderError, type Target } from "./contract";

// What every provider of connectors has to keep to, whatever it stands before: a real service, one that speaks like it, or recorded answers.

export interface SuiteCase {
  provider: ConnectorProvider;
  /** Keys that are accepted. */
  connection: Connection;
  /** The same with keys that are not; left out where the peer takes any. */
  refused?: Connection;
  call: () => Call;
  /** A resource that is there, in other spellings, and one that is not. */
  resource: Target & { spellings: readonly string[] };
  missing?: Target;
  /** How long what is issued may live at most, in seconds. Null: as long as the keys. */
  longest: number | null;
}

const secretsOf = (provider: ConnectorProvider, { method, values }: Connection): string[] => {
  const schema = connectorType(provider.type)?.auth_methods.find((one) => one.auth_method === method)?.config_schema.properties ?? {};
  return Object.entries(values).flatMap(([name, value]) => (typeof value === "string" && value.length > 3 && isSecretField(schema[name]) ? [value] : []));
};

/** What a provider threw. */
async function failure(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

const wanted = (target: Target) => ({ ...target, lifetime: null, session: "suite@reeve" });

/** Declares the tests of one provider and method. `open` starts what they need. */
export function connectorSuite(name: string, open: () => SuiteCase | Promise<SuiteCase>): void {
  describe(`a connector of ${name}`, () => {
    const opened = once(open);

    it("is of a type, a method and resources that the catalogue has", async () => {
      const { provider, connection, resource } = await opened();
      const type = connectorType(provider.type);
      expect(type?.auth_methods.map((method) => method.auth_method)).toContain(connection.method);
      expect(type?.resource_types.map((one) => one.resource_type)).toContain(resource.resourceType);
    });

    it("has one spelling for each resource, and none for what is no name of one", async () => {
      const { provider, connection, resource } = await opened();
      const canonical = (id: string) => provider.canonicalId(connection, resource.resourceType, id);
      if (resource.resourceId !== null)
        for (const spelling of [resource.resourceId, ...resource.spellings]) expect(canonical(spelling)).toBe(resource.resourceId);
      for (const trick of ["../../etc", "a b", "\n", "x".repeat(600)]) expect(canonical(trick)).toBeNull();
    });

    it("accepts good keys, and reaches the resource by them", async () => {
      const { provider, connection, call, resource } = await opened();
      await provider.verify(connection, null, call());
      await provider.verify(connection, resource, call());
    });

    it("lists what is reachable, each in its one spelling", async () => {
      const { provider, connection, call, resource } = await opened();
      const ids = await provider.list(connection, resource.resourceType, call());
      if (resource.resourceId !== null) expect(ids).toContain(resource.resourceId);
      expect(ids.length).toBeLessThanOrEqual(1_000);
      expect(ids.map((id) => provider.canonicalId(connection, resource.resourceType, id))).toEqual(ids);
    });

    it("issues what is marked secret, ends in time, and holds no main key where it is said to be short-lived", async () => {
      const { provider, connection, call, resource, longest } = await opened();
      const issued = await provider.issue(connection, wanted(resource), call());
      expect(issued.secretFields.length).toBeGreaterThan(0);
      for (const field of issued.secretFields) expect(Object.keys(issued.values)).toContain(field);
      const isShort = provider.issuesShortLived(connection, resource);
      expect(isShort).toBe(longest !== null);
      if (longest === null) return;
      const seconds = ((issued.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()) / 1_000;
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(longest + 60);
      const text = JSON.stringify(issued.values);
      for (const secret of secretsOf(provider, connection)) expect(text).not.toContain(secret);
    });

    it("says that keys are refused, and never which", async () => {
      const { provider, refused, call } = await opened();
      if (!refused) return;
      const error = await failure(provider.verify(refused, null, call()));
      expect(error.reason).toBe("refused");
      for (const secret of secretsOf(provider, refused)) expect(`${error.message} ${error.code}`).not.toContain(secret);
    });

    it("says of a resource that is not there that it can't be reached", async () => {
      const { provider, connection, missing, call } = await opened();
      if (!missing) return;
      const error = await failure(provider.verify(connection, missing, call()));
      expect(["not-found", "refused"]).toContain(error.reason);
    });

    it("says that nothing answers, that the address is refused, and that an answer makes no sense", async () => {
      const { provider, connection, call, resource } = await opened();
      for (const reason of ["unreachable", "refused-address"] as const) {
        const no = () => Promise.reject(new ProviderError(reason, "no way"));
        const cut: Call = { ...call(), send: no, greeting: no };
        expect((await failure(provider.issue(connection, wanted(resource), cut).then(() => provider.verify(connection, resource, cut)))).reason).toBe(reason);
      }
      const nonsense: Call = {
        ...call(),
        send: async () => ({ status: 200, headers: {}, body: Buffer.from("<!doctype html>hello") }),
        greeting: async () => "hello",
      };
      const error = await provider.list(connection, resource.resourceType, nonsense).then(
        () => provider.verify(connection, resource, nonsense).catch((thrown: unknown) => thrown),
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(ProviderError);
    });
  });
}

function once<T>(make: () => T | Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= Promise.resolve(make()));
}
