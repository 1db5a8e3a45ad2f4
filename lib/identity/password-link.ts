import "server-only";
import { noteRefusedCredential } from "./refused-credentials";
import { sql } from "kysely";
import { z } from "zod";
import type { Handler } from "@/lib/jobs/handler";
import { defineCommand, execute, parseInput, type QueueItem } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { type RequestContext, systemContext } from "@/lib/kernel/request";
import { sealBriefly, unsealBriefly } from "@/lib/kernel/seal";
import { inScope } from "@/lib/kernel/transaction";
import { mailItem, secretLink, sendsMail } from "@/lib/mail/mail";
import { passwordMail } from "@/lib/mail/texts";
import { displayName, loadActor, systemActor } from "./actor";
import { LINK_SECRET, newLink, personOfLink, spendLink } from "./one-use-link";
import { hashPassword } from "./password";
import { MAX_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "./password-rule";
import { accountKey, absolve, charge, sourceKey } from "./throttle";

// A new password by a link: asked for on the sign-in page and mailed, or made by a System Admin and handed over. Asking answers the same
// for every address, and costs the same: the worker alone looks whether there is such an account.

const MAILED_MINUTES = 60;
const HANDED_MINUTES = 24 * 60;
const PAGE = "/sign-in/password";
export const PASSWORD_REQUEST_TOPIC = "password-request";

/** Makes a link for a person, who then sets a password of their own; shown once. Error: not_found. */
export const createPasswordLink = defineCommand({
  name: "password-link.created",
  permission: "user:update",
  input: z.strictObject({ principalId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const row = await tx
      .selectFrom("principal")
      .select(["id", "name", "full_name"])
      .where("id", "=", input.principalId)
      .where("organization_id", "=", actor.organizationId)
      .where("kind", "=", "user")
      .where("active", "=", true)
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", "There is no such active person here.", { fix: "A deactivated account is restored first." });
    return { thing: { type: "user", id: row.id, name: displayName({ fullName: row.full_name, name: row.name }) } };
  },
  run: async ({ tx, actor, target }) => {
    const { secret, expiresAt } = await newLink(tx, { principalId: target.thing.id, purpose: "password", createdBy: actor.id, minutes: HANDED_MINUTES });
    return { result: { link: secretLink(PAGE, secret), expiresAt }, audit: { target: target.thing, after: { endsAt: expiresAt } } };
  },
});

/** Mails a link to the account of an address; for the worker, as the system. Nothing happens when there is no such active account. */
export const mailPasswordLink = defineCommand({
  name: "password-link.mailed",
  permission: "user:update",
  input: z.strictObject({ email: z.email().max(320) }),
  scope: () => ({}),
  run: async ({ tx, actor, input }) => {
    if (actor.kind !== "system") throw new AppError("not_found", "This link is mailed by the server alone.", { fix: "Make a link on the person's page." });
    const person = await tx
      .selectFrom("principal as p")
      .innerJoin("organization as o", "o.id", "p.organization_id")
      .select(["p.id", "p.name", "p.full_name", "p.email", "o.name as organization"])
      .where("p.organization_id", "=", actor.organizationId)
      .where("p.kind", "=", "user")
      .where("p.active", "=", true)
      .where(sql<boolean>`lower(p.email) = lower(${input.email})`)
      .executeTakeFirst();
    if (!person?.email) return { result: false, audit: { unchanged: true } };
    const { secret, expiresAt } = await newLink(tx, { principalId: person.id, purpose: "password", createdBy: null, minutes: MAILED_MINUTES });
    const text = passwordMail({ organization: person.organization, link: secretLink(PAGE, secret), expiresAt });
    return {
      result: true,
      queue: [mailItem({ to: person.email, until: new Date(expiresAt).toISOString(), ...text })],
      audit: { target: { type: "user", id: person.id, name: person.full_name || person.name }, after: { endsAt: expiresAt } },
    };
  },
});

/** What the sign-in page's form gets: the same for every address. `throttled` counts what was typed, known or not. */
export type PasswordRequest = { status: "sent" } | { status: "throttled"; waitS: number };

/** Notes that somebody asks for a new password; the worker does the rest. Errors: invalid_input, not_implemented without a mail server. */
export async function requestPasswordLink(rawInput: unknown, request: RequestContext): Promise<PasswordRequest> {
  const { email } = parseInput(z.strictObject({ email: z.email({ error: "An e-mail address has a name, an @ and a domain." }).max(320) }), rawInput);
  if (!sendsMail()) throw new AppError("not_implemented", "This installation sends no mail.", { fix: "Ask a System Admin of your organization for a link." });
  for (const key of [sourceKey(request.address), { ...accountKey(email), name: `mail ${accountKey(email).name}` }]) {
    const waitS = await charge(key);
    if (waitS > 0) return { status: "throttled", waitS };
  }
  const item = requestItem({ email, address: request.address });
  await inScope([], async (tx) => {
    await tx
      .insertInto("outbox")
      .values({ workspace_id: null, topic: item.topic, payload: JSON.stringify(item.payload) })
      .execute();
    await sql`select pg_notify('reeve_outbox', '')`.execute(tx);
  });
  return { status: "sent" };
}

const requestSchema = z.strictObject({ email: z.string(), address: z.string().nullable() });

/** Sealed, because an address that somebody typed here is nobody's business. */
function requestItem(facts: z.infer<typeof requestSchema>): QueueItem {
  const id = newId();
  return { topic: PASSWORD_REQUEST_TOPIC, payload: { id, sealed: sealBriefly(PASSWORD_REQUEST_TOPIC, id, JSON.stringify(facts)).toString("base64") } };
}

/** The worker's part of `requestPasswordLink`. Done twice it mails twice, and the later link holds. */
export const answerPasswordRequest: Handler = async (payload) => {
  const { id, sealed } = z.object({ id: z.string(), sealed: z.string() }).parse(payload);
  const { email, address } = requestSchema.parse(JSON.parse(unsealBriefly(PASSWORD_REQUEST_TOPIC, id, Buffer.from(sealed, "base64"))));
  const organization = await inScope([], (tx) => tx.selectFrom("organization").select("id").executeTakeFirst());
  if (!organization) return;
  const actor = { ...systemActor(organization.id), credential: { kind: "system", id: "sign-in", label: "forgot password" } as const };
  await execute(mailPasswordLink, { actor, request: { ...systemContext("ui"), address }, workspace: null }, { email });
};

/** For whom a link sets a password, for the page that has its secret; undefined when it doesn't hold. */
export const passwordLinkPerson = (secret: string) => inScope([], (tx) => personOfLink(tx, "password", secret));

/** Sets the password and ends every session of the account, in one transaction with the use of the link. The actor is whom it is for. */
export const setPasswordByLink = defineCommand({
  name: "password.reset",
  permission: "session:create",
  input: z.strictObject({ secret: z.string().regex(LINK_SECRET), hash: z.string().startsWith("$argon2id$") }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }) => {
    if (!(await spendLink(tx, "password", input.secret, actor.id))) throw linkEnded();
    await tx
      .insertInto("local_password")
      .values({ principal_id: actor.id, hash: input.hash })
      .onConflict((conflict) => conflict.column("principal_id").doUpdateSet({ hash: input.hash, changed_at: sql<string>`clock_timestamp()` }))
      .execute();
    await tx.updateTable("principal").set({ epoch: sql<number>`epoch + 1` }).where("id", "=", actor.id).execute(); // ends what the old password opened on the command line
    const { numDeletedRows } = await tx.deleteFrom("session").where("principal_id", "=", actor.id).executeTakeFirst();
    return {
      result: { email: actor.email },
      audit: { target: { type: "user", id: actor.id, name: displayName(actor) }, after: { sessionsEnded: Number(numDeletedRows) } },
    };
  },
});

const linkEnded = () =>
  new AppError("not_found", "This link was used, has ended, or a newer one replaced it.", { fix: "Ask for a new link on the sign-in page." });

/** Sets a new password for whom the link is for. Errors: not_found, invalid_input when the password breaks the rule. */
export async function redeemPasswordLink(rawInput: unknown, request: RequestContext): Promise<void> {
  const { secret, password } = parseInput(z.strictObject({ secret: z.string().max(200), password: z.string().max(1_024) }), rawInput);
  const person = await passwordLinkPerson(secret);
  if (!person) {
    noteRefusedCredential(request, "password link", "unknown_or_used_link");
    throw linkEnded();
  }
  const problem = passwordProblem(password, [person.full_name, person.name, person.email ?? "", person.organization]);
  if (problem || password.length > MAX_PASSWORD_LENGTH) {
    const sentence = passwordSentence(problem ?? "too_long");
    throw new AppError("invalid_input", sentence, { fields: { password: sentence } });
  }
  const hash = await hashPassword(password);
  const actor = await inScope([], (tx) => loadActor(tx, person.id, { kind: "password", id: person.id, label: "password link" }));
  if (!actor) throw linkEnded();
  await execute(setPasswordByLink, { actor, request, workspace: null }, { secret, hash });
  if (person.email) await absolve(accountKey(person.email));
}
