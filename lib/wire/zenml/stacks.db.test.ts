import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { RoleId } from "@/lib/authz/permissions";
import { newId } from "@/lib/kernel/id";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, type Answer, call, idOf, makeAccount, makeWireWorkspaces } from "./test-wire";

// The shapes, statuses and texts of the recorded exchange 04, through the wire's own door.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
let maker: Account;
const others = {} as Record<RoleId, Account>;

beforeAll(async () => {
  const { organizationId, workspaces } = await makeWireWorkspaces([SLUG]);
  maker = await makeAccount(organizationId, workspaces[SLUG] ?? "", SLUG, "contributor", "maker");
  for (const role of ["contributor", "viewer", "approver", "auditor", "stack-admin", "workspace-admin"] as const)
    others[role] = await makeAccount(organizationId, workspaces[SLUG] ?? "", SLUG, role);
});

type Thing = { body: object; metadata: Record<string, unknown> | null; resources: Record<string, Thing | null> };
const at = (method: string, path: string, body?: unknown): Promise<Answer> => call(maker.token, SLUG, method, path, body);
const thing = (answer: Answer) => answer.body as Thing;
const keys = (value: unknown) => Object.keys(value as object).sort();
const unique = (word: string) => `${word}-${newId().slice(-8)}`;

const ENVELOPE = ["body", "id", "metadata", "name", "permission_denied", "resources"];
const BODY = {
  component: ["created", "flavor_name", "integration", "logo_url", "type", "updated", "user_id"],
  stack: ["created", "updated", "user_id"],
  flavor: ["created", "display_name", "integration", "is_custom", "logo_url", "source", "type", "updated", "user_id"],
};
const METADATA = {
  component: ["configuration", "connector", "connector_resource_id", "environment", "labels", "secrets"],
  stack: ["components", "description", "environment", "labels", "secrets", "stack_spec_path"],
  flavor: ["config_schema", "connector_resource_id_attr", "connector_resource_type", "connector_type", "docs_url", "sdk_docs_url"],
};
const RESOURCES = { component: ["flavor", "user"], stack: ["user"], flavor: ["user"] };

function expectShape(kind: keyof typeof BODY, value: unknown, hydrated: boolean) {
  const found = value as Thing;
  expect(keys(found)).toEqual(ENVELOPE);
  expect(keys(found.body)).toEqual(BODY[kind]);
  expect(found.metadata === null ? null : keys(found.metadata)).toEqual(hydrated ? METADATA[kind] : null);
  expect(keys(found.resources)).toEqual(RESOURCES[kind]);
}

const newComponent = (name: string, more: object = {}) =>
  at("POST", "/components", {
    name,
    type: "artifact_store",
    flavor: "local",
    environment: {},
    secrets: [],
    configuration: { path: "/stores" },
    connector_resource_id: null,
    labels: { env: "dev" },
    connector: null,
    ...more,
  });
const orchestrator = async () => idOf(await newComponent(unique("o"), { type: "orchestrator", configuration: {}, labels: {} }));

describe("components", () => {
  it("answer in the recorded shape, with what was sent as it was sent", async () => {
    const name = unique("store");
    const made = await newComponent(name, { configuration: { path: "/stores" }, environment: { A: "1" } });
    expect(made.status, made.text).toBe(200);
    expectShape("component", made.body, true);
    expect(thing(made).metadata).toMatchObject({
      configuration: { path: "/stores" },
      environment: { A: "1" },
      labels: { env: "dev" },
      secrets: [],
      connector: null,
    });
    const id = idOf(made);
    const sent = await call(
      maker.token,
      SLUG,
      "PUT",
      `/components/${id}`,
      `{"configuration":{"path":"/b"},"labels":{"share":2.0,"team":"a"},"connector":null}`,
    );
    expect(sent.text).toContain('"share": 2.0');
    const listed = await at("GET", `/components?scope_type=artifact_store&name=equals:${name}&hydrate=False`);
    const { items, total } = listed.body as { items: Thing[]; total: number };
    expect(total).toBe(1);
    expectShape("component", items[0], false);
    expect((await at("GET", `/components?scope_type=orchestrator&name=equals:${name}`)).body).toMatchObject({ total: 0 });
    expect(await at("DELETE", `/components/${id}`)).toMatchObject({ status: 200, body: null });
    expect(await at("GET", `/components/${id}`)).toMatchObject({ status: 404, body: { detail: ["KeyError", expect.any(String)] } });
  });

  it("refuse in the recorded words", async () => {
    const name = unique("twice");
    await newComponent(name);
    expect(await newComponent(name)).toMatchObject({
      status: 409,
      body: {
        detail: [
          "EntityExistsError",
          `Unable to register 'artifact_store' component with name '${name}': Found an existing component with the same name and type.`,
        ],
      },
    });
    const wrong = await newComponent(unique("x"), { configuration: { nosuchoption: "1" } });
    expect(wrong).toMatchObject({ status: 400, body: { detail: ["ValueError", "Invalid configuration keys ['nosuchoption'] for local artifact_store."] } });
    expect(await newComponent(unique("x"), { flavor: "nosuch" })).toMatchObject({
      status: 404,
      body: { detail: ["KeyError", expect.stringContaining("nosuch")] },
    });
    expect(await newComponent(unique("x"), { connector: newId() })).toMatchObject({ status: 404 });
    expect(await newComponent(unique("x"), { type: "nosuch" })).toMatchObject({ status: 422 });
    const [standard] = ((await at("GET", "/components?name=default&type=orchestrator")).body as { items: { id: string }[] }).items;
    expect((await at("PUT", `/components/${standard?.id}`, { labels: {} })).status).toBe(403);
  });

  it("name their kinds", async () => {
    // In the order of the recorded answer.
    expect((await at("GET", "/component-types")).body).toEqual(
      "alerter annotator artifact_store container_registry data_validator experiment_tracker feature_store image_builder log_store model_deployer orchestrator step_operator model_registry deployer sandbox".split(
        " ",
      ),
    );
  });
});

describe("stacks", () => {
  it("answer in the recorded shape, with components by kind", async () => {
    const [run, store] = [await orchestrator(), idOf(await newComponent(unique("a")))];
    const made = await at("POST", "/stacks", {
      name: unique("s"),
      description: "",
      stack_spec_path: null,
      components: { artifact_store: [store], orchestrator: [run] },
      environment: null,
      secrets: null,
      labels: null,
      service_connectors: [],
    });
    expect(made.status, made.text).toBe(200);
    expectShape("stack", made.body, true);
    expect(thing(made).metadata).toMatchObject({ description: "", labels: {}, environment: {}, secrets: [], stack_spec_path: null });
    const components = thing(made).metadata?.components as Record<string, Thing[]>;
    expect(Object.keys(components)).toEqual(["artifact_store", "orchestrator"]);
    expect(keys(components.orchestrator?.[0]?.body)).toEqual(BODY.component);
    const id = idOf(made);
    const other = await orchestrator();
    const updated = await at("PUT", `/stacks/${id}`, {
      stack_spec_path: null,
      components: { artifact_store: [store], container_registry: [], orchestrator: [other] },
    });
    expect(thing(updated).metadata?.components).toMatchObject({ orchestrator: [{ id: other }] });
    expect(await at("DELETE", `/components/${store}`)).toMatchObject({
      status: 403,
      body: {
        detail: [
          "IllegalOperationError",
          expect.stringMatching(/^Stack Component `.+` of type `artifact_store cannot be deleted as it is part of 1 stacks\. Before/),
        ],
      },
    });
    const { items } = (await at("GET", `/stacks?id=${id}&hydrate=False`)).body as { items: Thing[] };
    expectShape("stack", items[0], false);
    expect(await at("DELETE", `/stacks/${id}`)).toMatchObject({ status: 200, body: null });
  });

  it("bring new components with them, under the stack's name", async () => {
    const name = unique("full");
    const info = { flavor: "local", configuration: {}, service_connector_index: null };
    const made = await at("POST", "/stacks", {
      name,
      components: { orchestrator: [info], artifact_store: [{ ...info, configuration: { path: "/x" } }] },
      labels: { a: "b" },
    });
    const components = thing(made).metadata?.components as Record<string, { name: string; id: string }[]>;
    expect(components.orchestrator?.[0]?.name).toBe(name);
    expect((await at("GET", `/components/${components.artifact_store?.[0]?.id}`)).body).toMatchObject({
      metadata: { configuration: { path: "/x" }, labels: { a: "b" } },
    });
  });

  it("connect new components by a connector that is there, or that comes with the stack and goes when the stack fails", async () => {
    const made = { type: "aws", auth_method: "session-token", configuration: { aws_access_key_id: "AKIA", aws_secret_access_key: "s", region: "eu-west-1" } };
    const store = { flavor: "s3", configuration: { path: "s3://lake-one/art" }, service_connector_index: 0 };
    const stack = (more: object, infos: object[] = [store]) => {
      const name = unique("connected");
      return at("POST", "/stacks", { name, components: { orchestrator: [{ flavor: "local" }], artifact_store: infos }, ...more });
    };
    const connectors = async () => ((await at("GET", "/service_connectors?size=100")).body as { items: { id: string; name: string }[] }).items;
    const storeOf = async (answer: Awaited<ReturnType<typeof at>>) => {
      const parts = thing(answer).metadata?.components as Record<string, { id: string }[]> | undefined;
      const id = parts?.artifact_store?.[0]?.id;
      return (await at("GET", `/components/${id}`)).body as { id: string; metadata: { connector: { id: string; name: string } | null } };
    };
    const answer = await stack({ service_connectors: [made] });
    const first = await storeOf(answer);
    expect(first.metadata).toMatchObject({ connector_resource_id: "s3://lake-one", connector: { name: (answer.body as { name: string }).name } });
    const id = first.metadata.connector?.id as string;
    expect((await storeOf(await stack({ service_connectors: [id] }))).metadata.connector?.id).toBe(id);
    expect((await at("GET", `/components?connector_id=${id}`)).body).toMatchObject({ total: 2 });
    const before = await connectors();
    expect(await stack({ service_connectors: [made] }, [{ ...store, service_connector_resource_id: "s3://lake-two" }]), "another bucket").toMatchObject({
      status: 400,
    });
    expect(await stack({ service_connectors: [made] }, [{ ...store, service_connector_index: 1 }]), "no such connector").toMatchObject({ status: 404 });
    expect(await stack({ service_connectors: [made] }, [{ ...store, flavor: "local", configuration: { path: "/x" } }]), "no use for one").toMatchObject({
      status: 400,
    });
    expect(await connectors()).toEqual(before);
    await at("PUT", `/components/${first.id}`, { configuration: { path: "s3://lake-three" } });
    expect((await at("GET", `/components/${first.id}`)).body).toMatchObject({ metadata: { connector_resource_id: "s3://lake-three", connector: { id } } });
  });

  it("refuse what makes no stack, and keep default as it is", async () => {
    const lone = await at("POST", "/stacks", { name: unique("s"), components: { orchestrator: [await orchestrator()] } });
    expect(lone).toMatchObject({
      status: 422,
      body: ["ValueError", expect.stringContaining("Stack must contain at least an orchestrator and artifact store.")],
    });
    const [standard] = ((await at("GET", "/stacks?name=default")).body as { items: { id: string }[] }).items;
    expect((await at("DELETE", `/stacks/${standard?.id}`)).status).toBe(403);
  });
});

describe("flavors", () => {
  it("answer in the recorded shape, and always have a title", async () => {
    const { items } = (await at("GET", "/flavors?name=local&type=orchestrator&hydrate=True")).body as { items: Thing[] };
    expectShape("flavor", items[0], true);
    expect(items[0]?.metadata?.config_schema).toMatchObject({ title: "LocalOrchestratorConfig", type: "object" });
    const name = unique("bell");
    const sent = {
      user: null,
      name,
      display_name: "Bell",
      type: "alerter",
      config_schema: { title: "Bell", limit: 1.5 },
      source: "mine.Bell",
      integration: "custom",
      is_custom: true,
    };
    const made = await at("POST", "/flavors", sent);
    expectShape("flavor", made.body, true);
    expect(thing(made)).toMatchObject({ body: { is_custom: true, integration: "custom" }, metadata: { config_schema: sent.config_schema } });
    expect(await at("POST", "/flavors", sent)).toMatchObject({
      status: 409,
      body: {
        detail: [
          "EntityExistsError",
          `Unable to register 'alerter' flavor with name '${name}' and type 'alerter': Found an existing flavor with the same name and type.`,
        ],
      },
    });
    expect(await at("DELETE", `/flavors/${idOf(made)}`)).toMatchObject({ status: 200, body: null });
  });
});

describe("who reads what", () => {
  const SECRETS = { path: "s3://b", key: "plain-key", secret: "{{aws.secret}}", client_kwargs: { region: "eu", password: "plain-word" } };
  const HIDDEN = { ...SECRETS, key: "[redacted]", client_kwargs: { region: "eu", password: "[redacted]" } };
  const secretStore = async () => idOf(await newComponent(unique("s3"), { flavor: "s3", configuration: SECRETS }));
  const as = (role: RoleId, method: string, path: string, body?: unknown) => call(others[role].token, SLUG, method, path, body);
  const configurationOf = (answer: Answer) => thing(answer).metadata?.configuration;

  it("gives a component's secrets to those who run pipelines, and to its maker", async () => {
    const id = await secretStore();
    expect(configurationOf(await at("GET", `/components/${id}`))).toEqual(SECRETS);
    for (const role of ["contributor", "workspace-admin"] as const) expect(configurationOf(await as(role, "GET", `/components/${id}`)), role).toEqual(SECRETS);
    for (const role of ["viewer", "approver", "auditor", "stack-admin"] as const) {
      const one = await as(role, "GET", `/components/${id}`);
      expect(configurationOf(one), role).toEqual(HIDDEN);
      const list = await as(role, "GET", `/components?id=${id}&hydrate=true`);
      expect(list.status).toBe(200);
      for (const answer of [one, list]) expect(answer.text).not.toMatch(/plain-/);
    }
  });

  it("keeps what was not shown when it is sent back as it was, and refuses it anywhere else", async () => {
    const id = await secretStore();
    const changed = await as("stack-admin", "PUT", `/components/${id}`, { configuration: { ...HIDDEN, path: "s3://c" } });
    expect(changed.status, changed.text).toBe(200);
    expect(configurationOf(changed)).toEqual({ ...HIDDEN, path: "s3://c" });
    expect(configurationOf(await at("GET", `/components/${id}`))).toEqual({ ...SECRETS, path: "s3://c" });
    const mixed = { ...HIDDEN, client_kwargs: { region: "us", password: "[redacted]" } };
    expect(await as("stack-admin", "PUT", `/components/${id}`, { configuration: mixed })).toMatchObject({ status: 400 });
    expect(await as("stack-admin", "PUT", `/components/${id}`, { configuration: { ...HIDDEN, token: "[redacted]" } })).toMatchObject({ status: 400 });
    const copy = { name: unique("s3"), type: "artifact_store", flavor: "s3", configuration: HIDDEN };
    expect(await as("stack-admin", "POST", "/components", copy)).toMatchObject({ status: 400, text: expect.stringContaining("key") });
    const replaced = await as("stack-admin", "PUT", `/components/${id}`, { configuration: { ...HIDDEN, key: "plain-next" } });
    expect(replaced.text).not.toMatch(/plain-/);
    expect(configurationOf(await at("GET", `/components/${id}`))).toEqual({ ...SECRETS, key: "plain-next" });
  });

  it("gives variables' values to those who run or change the thing", async () => {
    const environment = { TOKEN: "plain-1", PLACE: "plain-2" };
    const store = idOf(await newComponent(unique("v"), { environment }));
    const components = { orchestrator: [await orchestrator()], artifact_store: [store] };
    const stack = idOf(await at("POST", "/stacks", { name: unique("s"), components, environment }));
    for (const path of [`/components/${store}`, `/stacks/${stack}`]) {
      for (const role of ["contributor", "workspace-admin", "stack-admin"] as const)
        expect(thing(await as(role, "GET", path)).metadata?.environment, role).toEqual(environment);
      for (const role of ["viewer", "approver", "auditor"] as const)
        expect(thing(await as(role, "GET", path)).metadata?.environment, role).toEqual({ TOKEN: "[redacted]", PLACE: "[redacted]" });
      const [, noun, id] = path.split("/");
      expect((await as("viewer", "GET", `/${noun}?id=${id}&hydrate=true`)).text).not.toContain("plain-");
    }
  });

  it("keeps a secret of a custom flavor by its name, whatever the schema says", async () => {
    const flavor = unique("bell");
    await at("POST", "/flavors", { name: flavor, type: "alerter", source: "mine.Bell", config_schema: { properties: { api_token: { type: "string" } } } });
    const id = idOf(await newComponent(unique("a"), { type: "alerter", flavor, configuration: { api_token: "plain-token", pitch: "a" } }));
    expect(configurationOf(await as("viewer", "GET", `/components/${id}`))).toEqual({ api_token: "[redacted]", pitch: "a" });
  });

  it("asks for the permission before it says what it lacks", async () => {
    const [store, stack] = [await secretStore(), (await at("GET", "/stacks?name=default")).body as { items: { id: string }[] }];
    const infos = { orchestrator: [{ flavor: "local", configuration: {}, service_connector_index: 0 }] };
    const wishes: [string, string, object][] = [
      ["POST", "/components", { name: unique("c"), type: "artifact_store", flavor: "local", configuration: {}, connector: newId() }],
      ["POST", "/components", { name: unique("c"), type: "artifact_store", flavor: "local", configuration: {}, secrets: ["a"] }],
      ["PUT", `/components/${store}`, { connector: newId() }],
      ["PUT", `/components/${store}`, { add_secrets: ["a"] }],
      ["POST", "/stacks", { name: unique("s"), components: {}, secrets: ["a"] }],
      ["POST", "/stacks", { name: unique("s"), components: {}, service_connectors: [newId()] }],
      ["POST", "/stacks", { name: unique("s"), components: infos }],
      ["PUT", `/stacks/${stack.items[0]?.id}`, { add_secrets: ["a"] }],
    ];
    const denied = async () => (await asOwner(db.ownerUrl, "select count(*)::int as count from audit_entry where outcome = 'denied'"))[0]?.count as number;
    for (const [method, path, body] of wishes) {
      const before = await denied();
      expect(await as("viewer", method, path, body), `${method} ${path}`).toMatchObject({ status: 403 });
      expect(await denied()).toBe(before + 1);
    }
    for (const [method, path, body] of wishes.slice(0, 7)) {
      const status = "components" in body && !JSON.stringify(body).includes("service_connector_index") ? 422 : 404;
      expect(await at(method, path, body), `${method} ${path}`).toMatchObject({ status });
    }
  });
});

it("a class's name can't write into a schema", async () => {
  const name = unique("bell");
  const made = await at("POST", "/flavors", { name, type: "alerter", source: "mine.Bell", config_schema: { description: "$x" } });
  await asOwner(db.ownerUrl, "update flavor set source = $2 where id = $1", [idOf(made), "mine.$'$&Flavor"]);
  const read = await at("GET", `/flavors/${idOf(made)}`);
  expect(thing(read).metadata?.config_schema).toEqual({ title: "$'$&Config", description: "$x" });
});
