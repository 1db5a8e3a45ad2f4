import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { copyComponent, createComponent } from "@/lib/components/create-component";
import { deleteComponent } from "@/lib/components/delete-component";
import { getComponentDraft, getComponentPage } from "@/lib/components/get-component-page";
import { updateComponent } from "@/lib/components/update-component";
import { createFlavor, deleteFlavor, updateFlavor } from "@/lib/flavors/change-flavor";
import { getFlavorPage, listFlavorRows } from "@/lib/flavors/list-flavor-rows";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { copyStack, createStack } from "./create-stack";
import { deleteStack } from "./delete-stack";
import { getStackPage, listPartChoices } from "./get-stack-page";
import { listStackRows } from "./list-stack-rows";
import { updateStack } from "./update-stack";

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let acme: TestOrganization;
/** A Contributor in the browser, the same one over the wire, and another one. */
let form: CallContext;
let wire: CallContext;
let other: CallContext;
let admin: CallContext;

beforeAll(async () => {
  acme = await makeTestOrganization();
  const { workspace } = acme.own;
  form = callAs(acme.people.contributor, workspace);
  wire = { ...form, request: { ...form.request, origin: "cli" } };
  other = callAs(await makePerson(acme.id, "contributor", workspace.id), workspace);
  admin = callAs(acme.people["workspace-admin"], workspace);
});

const unique = (word: string) => `${word}-${newId().slice(-8)}`;
const component = (context: CallContext, type: string, flavor: string, configuration: object = {}, name = unique(type)) =>
  execute(createComponent, context, { name, type, flavor, configuration: JSON.stringify(configuration) });
const parts = async () => [await component(form, "orchestrator", "local"), await component(form, "artifact_store", "local", { path: "/tmp/x" })];
const newStack = async (name = unique("stack")) => ({ name, id: await execute(createStack, form, { name, components: await parts() }) });
const lastEntry = async () => (await asOwner(db.ownerUrl, "select action, target_name, before, after from audit_entry order by seq desc limit 1"))[0];

describe("components", () => {
  it("are held to the flavor's schema in the browser, each field with its message", async () => {
    const wrong = component(form, "artifact_store", "s3", { path: 5, nosuch: 1, key: "AKIA123" });
    await expect(wrong).rejects.toMatchObject({
      code: "bad_request",
      fields: {
        path: "Enter text.",
        nosuch: "The flavor has no such field.",
        key: expect.stringContaining("{{name.key}}"),
      },
    });
    await expect(component(form, "artifact_store", "s3", {})).rejects.toMatchObject({ fields: { path: "This field is required." } });
    await expect(component(form, "deployer", "aws", { health_check_interval_seconds: 21 })).rejects.toMatchObject({
      fields: { health_check_interval_seconds: "Enter at most 20." },
    });
    await expect(component(form, "artifact_store", "nosuch", {})).rejects.toMatchObject({ code: "not_found", fields: { flavor: expect.any(String) } });
  });

  it("keep what clients send, in the recorded words where they can't", async () => {
    const id = await component(wire, "artifact_store", "s3", { path: "s3://b", key: "plain", client_kwargs: '{"a": 1}' });
    const [row] = await asOwner(db.ownerUrl, "select configuration from component where id = $1", [id]);
    expect(row).toEqual({ configuration: { path: "s3://b", key: "plain", client_kwargs: '{"a": 1}' } });
    await expect(component(wire, "artifact_store", "local", { nosuchoption: "1" })).rejects.toMatchObject({
      code: "bad_request",
      message: "Invalid configuration keys ['nosuchoption'] for local artifact_store.",
    });
    const name = unique("twice");
    await component(wire, "artifact_store", "local", {}, name);
    await expect(component(wire, "artifact_store", "local", {}, name)).rejects.toMatchObject({
      code: "conflict",
      message: `Unable to register 'artifact_store' component with name '${name}': Found an existing component with the same name and type.`,
    });
    await expect(component(wire, "orchestrator", "local", {}, name), "another kind may have the name").resolves.toEqual(expect.any(String));
  });

  it("show no secret: not on their page, not in the form, not in the trail", async () => {
    const id = await component(wire, "artifact_store", "s3", {
      path: "s3://ann:hunter2@b",
      key: "plain-value",
      token: "{{aws.token}}",
      client_kwargs: { password: "hunter2" },
    });
    const created = await lastEntry();
    const page = await ask(getComponentPage, form, { id });
    const draft = await ask(getComponentDraft, form, { id });
    for (const said of [created, page, draft]) expect(JSON.stringify(said)).not.toMatch(/plain-value/);
    for (const said of [created, page]) expect(JSON.stringify(said)).not.toMatch(/hunter2/);
    expect(page.configuration).toContainEqual({ name: "token", label: "Token", kind: "reference", secret: "aws", key: "token" });
    expect(page.configuration).toContainEqual({ name: "key", label: "Key", kind: "secret" });
    expect(draft.kept).toEqual(["key"]);
    expect(draft.values.token).toBe('"{{aws.token}}"');

    // The form keeps what it never saw, and says in the trail only that a secret field was replaced.
    await execute(updateComponent, form, { id, configuration: '{"path":"s3://c"}', kept: '["key","path"]', basedOn: draft.basedOn });
    const [kept] = await asOwner(db.ownerUrl, "select configuration from component where id = $1", [id]);
    expect(kept).toEqual({ configuration: { path: "s3://c", key: "plain-value" } });
    await execute(updateComponent, wire, { id, configuration: '{"path":"s3://c","key":"plain-next"}' });
    const replaced = await lastEntry();
    expect(JSON.stringify(replaced)).not.toMatch(/plain-/);
    expect(replaced).toMatchObject({ action: "component.updated", after: { fieldsReplaced: ["key"] } });
    await expect(execute(updateComponent, form, { id, configuration: '{"path":"s3://c","key":"plain-new"}' })).rejects.toMatchObject({
      fields: { key: expect.stringContaining("{{name.key}}") },
    });
  });

  it("say what somebody else changed meanwhile, and nothing when nothing changes", async () => {
    const id = await component(form, "artifact_store", "local", { path: "/a" });
    const { basedOn } = await ask(getComponentDraft, form, { id });
    await execute(updateComponent, admin, { id, configuration: '{"path":"/b"}' });
    await expect(execute(updateComponent, form, { id, configuration: '{"path":"/c"}', basedOn })).rejects.toMatchObject({ code: "conflict" });
    const before = await lastEntry();
    await execute(updateComponent, admin, { id, configuration: '{"path":"/b"}' });
    expect(await lastEntry()).toEqual(before);
  });

  it("are their maker's: others read and copy them", async () => {
    const id = await component(form, "artifact_store", "local", { path: "/a" });
    await expect(execute(updateComponent, other, { id, name: "mine" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(getComponentDraft, other, { id })).rejects.toMatchObject({ code: "forbidden" });
    const name = unique("copy");
    const copy = await execute(copyComponent, other, { id, name });
    expect(await ask(getComponentPage, other, { id: copy })).toMatchObject({
      name,
      ownerId: other.actor.id,
      configuration: [{ text: "/a" }],
      local: expect.any(String),
    });
    await execute(updateComponent, other, { id: copy, name: unique("renamed") });
    await execute(deleteComponent, other, { id: copy });
  });

  it("with secrets are copied only by those who may read them: the copy would be theirs", async () => {
    const stackAdmin = callAs(await makePerson(acme.id, "stack-admin", acme.own.workspace.id), acme.own.workspace);
    const plain = await component(form, "artifact_store", "s3", { path: "s3://b", key: "{{aws.key}}" });
    const secret = await component(wire, "artifact_store", "s3", { path: "s3://b", key: "plain" });
    await expect(execute(copyComponent, stackAdmin, { id: plain, name: unique("copy") })).resolves.toEqual(expect.any(String));
    await expect(execute(copyComponent, stackAdmin, { id: secret, name: unique("copy") })).rejects.toMatchObject({
      code: "forbidden",
      reason: "secrets_inside",
    });
    expect(await lastEntry()).toMatchObject({ action: "component.copied" });
    await expect(execute(copyComponent, other, { id: secret, name: unique("copy") })).resolves.toEqual(expect.any(String));
  });

  it("stay while a stack holds them, and are deleted by their typed name", async () => {
    const [orchestrator = "", store = ""] = await parts();
    const name = unique("holder");
    const stack = await execute(createStack, form, { name, components: [orchestrator, store] });
    await expect(execute(deleteComponent, admin, { id: store })).rejects.toMatchObject({
      code: "in_use",
      message: expect.stringContaining(
        "cannot be deleted as it is part of 1 stacks. Before deleting this stack component, make sure to remove it from all stacks.",
      ),
      fix: `It is in ${name}.`,
    });
    await execute(deleteStack, form, { id: stack, typedName: name });
    await expect(execute(deleteComponent, form, { id: store, typedName: "else" })).rejects.toMatchObject({ fields: { typedName: expect.any(String) } });
    await execute(deleteComponent, form, { id: store });
    await expect(ask(getComponentPage, form, { id: store })).rejects.toMatchObject({ code: "not_found" });
  });

  it("named default came with the workspace and stay", async () => {
    const id = await component(admin, "orchestrator", "local", {}, "default");
    await expect(execute(updateComponent, admin, { id, name: "x" })).rejects.toMatchObject({ message: "The default orchestrator cannot be modified." });
    await expect(execute(deleteComponent, admin, { id })).rejects.toMatchObject({ message: "The default orchestrator cannot be deleted." });
  });
});

describe("stacks", () => {
  it("need an orchestrator and an artifact store, and hold several of a kind only where steps can choose", async () => {
    const [orchestrator = "", store = ""] = await parts();
    const make = (components: string[]) => execute(createStack, form, { name: unique("s"), components });
    for (const some of [[], [orchestrator], [store]])
      await expect(make(some)).rejects.toMatchObject({ code: "invalid_input", message: "Stack must contain at least an orchestrator and artifact store." });
    const second = await component(form, "artifact_store", "local");
    await expect(make([orchestrator, store, second])).rejects.toMatchObject({ message: expect.stringContaining("does not support multiple components") });
    const alerts = [
      await component(form, "alerter", "slack", { slack_token: "{{slack.token}}" }),
      await component(form, "alerter", "slack", { slack_token: "{{b.token}}" }),
    ];
    const id = await make([alerts[1] ?? "", store, orchestrator, alerts[0] ?? ""]);
    expect(
      (await ask(getStackPage, form, { id })).parts.map((part) => part.id),
      "in the order that was given",
    ).toEqual([alerts[1], store, orchestrator, alerts[0]]);
    await expect(make([orchestrator, newId()])).rejects.toMatchObject({ code: "not_found" });
  });

  it("are renamed, get other parts, labels and variables, with the difference in the trail", async () => {
    const { id, name } = await newStack();
    const [before] = (await ask(getStackPage, form, { id })).parts;
    const [orchestrator = "", store = ""] = await parts();
    await execute(updateStack, form, {
      id,
      name: `${name}-b`,
      components: JSON.stringify([orchestrator, store]),
      labels: '{"team":"a"}',
      environment: '{"A":"1"}',
    });
    const page = await ask(getStackPage, form, { id });
    expect(page).toMatchObject({ name: `${name}-b`, labels: [["team", "a"]], environment: [["A", "1"]] });
    expect(page.parts.map((part) => part.id)).toEqual([orchestrator, store]);
    expect(await lastEntry()).toMatchObject({
      action: "stack.updated",
      before: { name, components: { orchestrator: before?.name } },
      after: { name: `${name}-b` },
    });
    await expect(execute(updateStack, form, { id, environment: '{"A":1}' })).rejects.toMatchObject({ code: "invalid_input" });
    const { name: taken } = await newStack();
    await expect(execute(updateStack, form, { id, name: taken })).rejects.toMatchObject({ code: "conflict", fields: { name: "Another stack has this name." } });
    await expect(execute(updateStack, other, { id, description: "theirs" })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("keep the values of variables from the trail, and from those who can't change them", async () => {
    const { id } = await newStack();
    const store = await component(form, "artifact_store", "local");
    const set = async (environment: object) => {
      const [said, also] = [
        { id, environment: JSON.stringify(environment) },
        { id: store, environment: JSON.stringify(environment) },
      ];
      await execute(updateStack, form, said);
      const first = await lastEntry();
      await execute(updateComponent, wire, also);
      return [first, await lastEntry()];
    };
    for (const entry of await set({ OLD: "plain-1", SAME: "plain-2", KEY: "plain-3" }))
      expect(entry).toMatchObject({ before: { environment: [] }, after: { environment: ["KEY", "OLD", "SAME"] } });
    for (const entry of await set({ NEW: "plain-4", SAME: "plain-2", KEY: "plain-5" })) {
      expect(entry).toMatchObject({
        before: { environment: ["KEY", "OLD", "SAME"] },
        after: { environment: ["KEY", "NEW", "SAME"], environmentReplaced: ["KEY"] },
      });
      expect(JSON.stringify(entry)).not.toContain("plain-");
    }
    const before = await lastEntry();
    await set({ NEW: "plain-4", SAME: "plain-2", KEY: "plain-5" });
    expect(await lastEntry(), "nothing changed").toEqual(before);
    for (const [own, theirs] of [
      [await ask(getStackPage, form, { id }), await ask(getStackPage, other, { id })],
      [await ask(getComponentPage, form, { id: store }), await ask(getComponentPage, other, { id: store })],
    ] as const) {
      expect(new Map(own.environment)).toEqual(
        new Map([
          ["NEW", "plain-4"],
          ["SAME", "plain-2"],
          ["KEY", "plain-5"],
        ]),
      );
      expect(theirs.variables).toEqual(own.variables);
      expect(own.variables).toEqual(["KEY", "NEW", "SAME"]);
      expect(theirs.environment).toBeNull();
      expect(JSON.stringify(theirs)).not.toContain("plain-");
    }
  });

  it("are copied with their parts, and deleted without them", async () => {
    const { id } = await newStack();
    const name = unique("copy");
    const copy = await execute(copyStack, other, { id, name });
    const page = await ask(getStackPage, other, { id: copy });
    expect(page.parts).toEqual((await ask(getStackPage, form, { id })).parts);
    expect(page).toMatchObject({ name, ownerId: other.actor.id, isDefault: false });
    await execute(deleteStack, other, { id: copy });
    expect(await lastEntry()).toMatchObject({ action: "stack.deleted", before: { name, runs: 0, snapshots: 0 } });
    const choices = await ask(listPartChoices, form, {});
    expect(choices.map((choice) => choice.id)).toEqual(expect.arrayContaining(page.parts.map((part) => part.id)));
  });

  it("named default stays", async () => {
    const id = await execute(createStack, admin, { name: "default", components: await parts() });
    await expect(execute(updateStack, admin, { id, description: "x" })).rejects.toMatchObject({
      code: "forbidden",
      message: "The default stack cannot be modified.",
    });
    await expect(execute(deleteStack, admin, { id })).rejects.toMatchObject({ code: "forbidden", message: "The default stack cannot be deleted." });
    await asOwner(db.ownerUrl, "delete from stack where id = $1", [id]);
  });

  it("come with components of their own in one go, or not at all", async () => {
    const name = unique("full");
    const wish = { type: "orchestrator", flavor: "local", configuration: "{}" };
    const store = await component(form, "artifact_store", "local");
    const id = await execute(createStack, wire, { name, components: [store], newComponents: [wish] });
    expect((await ask(getStackPage, form, { id })).parts).toMatchObject([{ id: store }, { name, type: "orchestrator" }]);
    const [{ count: before }] = (await asOwner(db.ownerUrl, "select count(*)::int as count from component")) as [{ count: number }];
    const broken = { name: unique("broken"), components: [], newComponents: [wish, { ...wish, type: "artifact_store", flavor: "nosuch" }] };
    await expect(execute(createStack, wire, broken)).rejects.toMatchObject({ code: "not_found" });
    expect(await asOwner(db.ownerUrl, "select count(*)::int as count from component")).toEqual([{ count: before }]);
  });

  it("are listed by pages, filtered by their parts, sorted", async () => {
    const names = [unique("zz"), unique("zz"), unique("zz")];
    for (const name of names) await newStack(name);
    const input = { conditions: [{ field: "name", op: "startswith", value: "zz" }], sort: { field: "name", direction: "asc" }, limit: 2 };
    const first = await ask(listStackRows, form, input);
    expect(first.rows.map((row) => row.name)).toEqual([...names].sort().slice(0, 2));
    expect(first.total).toEqual({ count: 3, isExact: true });
    const second = await ask(listStackRows, form, { ...input, after: first.next });
    expect(second.rows.map((row) => row.name)).toEqual([...names].sort().slice(2));
    const orchestrator = first.rows[0]?.parts[0]?.name ?? "";
    const found = await ask(listStackRows, form, { ...input, conditions: [{ field: "orchestrator", op: "equals", value: orchestrator }] });
    expect(found.rows.map((row) => row.name)).toEqual([first.rows[0]?.name]);
    const none = await ask(listStackRows, form, { ...input, conditions: [...input.conditions, { field: "owner", op: "equals", value: "nobody" }] });
    expect(none).toMatchObject({ rows: [], countsWithout: [0, 3] });
    await expect(ask(listStackRows, other, { ...input, after: first.next }), "a page of somebody else's list").rejects.toMatchObject({ code: "bad_request" });
  });
});

describe("flavors", () => {
  const register = (context: CallContext, name: string, more: object = {}) =>
    execute(createFlavor, context, {
      name,
      type: "alerter",
      source: "mine.Bell",
      configSchema: '{"properties":{"pitch":{"type":"number","description":"In hertz."},"key":{"type":"string","sensitive":true}},"required":["pitch"]}',
      ...more,
    });

  it("of one's own are registered, used and held to, and go when nothing uses them", async () => {
    const name = unique("bell");
    const id = await register(form, name);
    await expect(register(form, name)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Found an existing flavor with the same name and type."),
    });
    expect(await ask(getFlavorPage, form, { id })).toMatchObject({
      isCustom: true,
      schema: [
        { name: "pitch", kind: "number", isRequired: true, help: "In hertz." },
        { name: "key", isSecret: true },
      ],
    });
    await expect(component(form, "alerter", name, { pitch: "high" })).rejects.toMatchObject({ fields: { pitch: "Enter a number." } });
    const used = await component(form, "alerter", name, { pitch: 440 });
    await expect(execute(deleteFlavor, form, { id })).rejects.toMatchObject({ code: "in_use", message: expect.stringContaining("it is used by 1 components") });
    await expect(execute(updateFlavor, form, { id, type: "annotator" })).rejects.toMatchObject({ code: "in_use" });
    await execute(updateFlavor, form, { id, source: "mine.OtherBell" });
    await expect(execute(updateFlavor, other, { id, source: "theirs.Bell" })).rejects.toMatchObject({ code: "forbidden" });
    await execute(deleteComponent, form, { id: used });
    await execute(deleteFlavor, form, { id });
    await expect(ask(getFlavorPage, form, { id })).rejects.toMatchObject({ code: "not_found" });
  });

  it("that came with Reeve stay as they are, and keep their names", async () => {
    const list = await ask(listFlavorRows, admin, { conditions: [{ field: "name", op: "equals", value: "slack" }], sort: { field: "name", direction: "asc" } });
    const slack = list.rows[0]?.id ?? "";
    await expect(execute(updateFlavor, admin, { id: slack, source: "mine.Slack" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(execute(deleteFlavor, admin, { id: slack })).rejects.toMatchObject({ code: "forbidden" });
    await expect(register(admin, "slack")).rejects.toMatchObject({ code: "conflict" });
  });

  it("of one's own are not trusted with what looks like a secret", async () => {
    const name = unique("bell");
    await register(form, name, { configSchema: '{"properties":{"api_token":{"type":"string"},"note":{"type":"string"},"other":{"type":"object"}}}' });
    const configuration = {
      api_token: "plain-1",
      note: "AKIAABCDEFGHIJKLMNOP",
      other: { password: "plain-2" },
      unknown_secret: "plain-3",
      extra: "https://a:plain-4@b",
    };
    const id = await component(wire, "alerter", name, configuration);
    const created = await lastEntry();
    const page = await ask(getComponentPage, form, { id });
    for (const said of [created, page]) expect(JSON.stringify(said)).not.toMatch(/plain-|AKIA/);
    expect(page.configuration).toHaveLength(5);
  });

  it("of another workspace are not there", async () => {
    const name = unique("bell");
    const foreign = callAs(await makePerson(acme.id, "workspace-admin", acme.foreign.workspace.id), acme.foreign.workspace);
    const id = await register(foreign, name);
    await expect(ask(getFlavorPage, admin, { id })).rejects.toMatchObject({ code: "not_found" });
    await expect(component(admin, "alerter", name, { pitch: 1 })).rejects.toMatchObject({ code: "not_found" });
    await expect(register(admin, name), "the name is free here").resolves.toEqual(expect.any(String));
  });
});
