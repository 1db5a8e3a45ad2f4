import "server-only";
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { domainField, proofRecord } from "./domain";
import { loadConnection } from "./load-connection";
import { type DomainRow, loadDomain } from "./load-domain";

// The domains of a connection. Until a domain is proven, no sign-in through the connection speaks for its addresses.

const scope = ({ tx, actor, input }: { tx: Tx; actor: Actor; input: { domainId: string } }) => loadDomain(tx, actor, input.domainId);
const target = ({ id, domain }: DomainRow) => ({ type: "sso-domain", id, name: domain });

/** Adds a domain, not proven. Errors: not_found, invalid_input, conflict when a connection has it. */
export const addDomain = defineCommand({
  name: "sso-domain.added",
  permission: "sso-connection:update",
  input: z.strictObject({ connectionId: z.uuid(), domain: domainField }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId),
  run: async ({ tx, actor, input, target: { connection } }) => {
    const taken = await tx
      .selectFrom("sso_domain as d")
      .innerJoin("sso_connection as c", "c.id", "d.connection_id")
      .select("c.name")
      .where("d.organization_id", "=", actor.organizationId)
      .where("d.domain", "=", input.domain)
      .executeTakeFirst();
    if (taken)
      throw new AppError("conflict", `${input.domain} belongs to the connection ${taken.name}.`, { fields: { domain: `It belongs to ${taken.name}.` } });
    const id = newId();
    await tx
      .insertInto("sso_domain")
      .values({
        id,
        organization_id: actor.organizationId,
        connection_id: connection.id,
        domain: input.domain,
        proof_token: randomBytes(24).toString("base64url"),
        created_by: actor.kind === "user" ? actor.id : null,
      })
      .execute();
    return {
      result: { id, domain: input.domain },
      audit: { target: { type: "sso-domain", id, name: input.domain }, after: { domain: input.domain, connection: connection.name } },
    };
  },
});

/** Proves a domain by the TXT records that DNS answered; `prove-domain.ts` asks for them. Errors: not_found, conflict when ours is not among them. */
export const proveDomain = defineCommand({
  name: "sso-domain.proven",
  permission: "sso-connection:update",
  input: z.strictObject({ domainId: z.uuid(), records: z.array(z.string().max(10_000)).max(1_000) }),
  scope,
  run: async ({ tx, actor, input, target: { domain } }) => {
    const wanted = proofRecord(domain.domain, domain.token);
    if (!input.records.some((record) => record.trim() === wanted.value))
      throw new AppError(
        "conflict",
        input.records.length === 0 ? `DNS has no TXT record at ${wanted.name} yet.` : `DNS has another TXT record at ${wanted.name} than the one shown here.`,
        { fix: "A new record can take a while to be seen. Then check again.", reason: "not_proven" },
      );
    if (domain.proof === "dns") return { result: { domain: domain.domain }, audit: UNCHANGED };
    await noteProof(tx, actor, domain, "dns");
    return { result: { domain: domain.domain }, audit: { target: target(domain), before: { proof: domain.proof }, after: { proof: "dns" } } };
  },
});

/** A System Admin's word that the domain is theirs, where DNS can't be asked. Errors: not_found, invalid_input. */
export const confirmDomain = defineCommand({
  name: "sso-domain.confirmed",
  permission: "sso-connection:update",
  input: z.strictObject({ domainId: z.uuid(), reason: z.string().trim().min(1, "Say how you know that the domain is yours.").max(500) }),
  scope,
  run: async ({ tx, actor, input, target: { domain } }) => {
    if (domain.proof !== null) return { result: { domain: domain.domain }, audit: UNCHANGED };
    await noteProof(tx, actor, domain, "confirmed");
    return {
      result: { domain: domain.domain },
      audit: { target: target(domain), before: { proof: null }, after: { proof: "confirmed" }, reason: input.reason },
    };
  },
});

/** Takes a domain off. Errors: not_found, conflict while it is enforced. */
export const removeDomain = defineCommand({
  name: "sso-domain.removed",
  permission: "sso-connection:update",
  input: z.strictObject({ domainId: z.uuid() }),
  scope,
  run: async ({ tx, target: { domain, connection } }) => {
    if (domain.isEnforced)
      throw new AppError("conflict", `People of ${domain.domain} sign in through ${connection.name} alone.`, {
        fix: "Stop enforcing it first.",
        reason: "enforced",
      });
    await tx.deleteFrom("sso_domain").where("id", "=", domain.id).execute();
    return {
      result: { domain: domain.domain },
      audit: { target: target(domain), before: { domain: domain.domain, proof: domain.proof, connection: connection.name }, after: { removed: true } },
    };
  },
});

const noteProof = (tx: Tx, actor: Actor, { id }: DomainRow, proof: "dns" | "confirmed") =>
  tx
    .updateTable("sso_domain")
    .set({ proof, proven_at: sql<string>`clock_timestamp()`, proven_by: actor.kind === "user" ? actor.id : null })
    .where("id", "=", id)
    .execute();
