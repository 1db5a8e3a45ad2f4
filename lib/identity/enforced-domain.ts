import "server-only";
import { type Expression, sql } from "kysely";

/** The domain of an address that is stored, in SQL. */
export const emailDomain = (email: Expression<unknown>) => sql<string>`lower(split_part(${email}, '@', -1))`;

/** SQL: whether an address lies in a domain that takes single sign-on alone (lib/sso/enforce-domain.ts). */
export const isInEnforcedDomain = (email: Expression<string | null>, organizationId: Expression<string>) =>
  sql<boolean>`exists (select from sso_domain e where e.enforced_at is not null and e.organization_id = ${organizationId}
    and e.domain = ${emailDomain(email)})`;
