import { type Kysely, sql } from "kysely";

// What becomes of an issued credential: which one it took the place of, how it can be ended before its time, and that it was. What the other
// side has to be shown to end it rests as a secret of the kind `connector` until then.

const COLUMNS = `
alter table connector_issue
  add column renews uuid,
  add column peer_limit_seconds integer check (peer_limit_seconds > 0),
  add column ending jsonb,
  add column ending_secret_id uuid references secret,
  add column revoked_at timestamptz,
  add column revoked_by uuid,
  add column revoked_request_id text;
create index connector_issue_ending_secret on connector_issue (ending_secret_id) where ending_secret_id is not null;
create index connector_issue_ending on connector_issue (connector_id, expires_at) where ending is not null;

-- New main keys that wait until they are accepted, beside those that hold.
alter table connector
  add column next_version integer,
  add column next_error text,
  add column next_since timestamptz,
  add column next_by uuid,
  add column expiry_told_at timestamptz;
create index connector_expires on connector (expires_at) where expires_at is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(COLUMNS).execute(db);
}
