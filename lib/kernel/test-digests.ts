import "server-only";
import { asOwner } from "./test-rows";

// What a table holds, as one digest: the sum of what its rows hash to. A sum can be kept: once the first digest was asked for, triggers note
// what each written row adds and takes, within the writer's own transaction, so that a digest costs what was written and not what there is.

type Row = { name: string; rows: string; digest: string };
type Sums = Map<string, { rows: bigint; digest: bigint }>;

const kept = new Map<string, Promise<Sums>>();

const hashOf = (row: string) => `hashtextextended(${row}::text, 0)::numeric`;

const WATCH = `
  create schema digest;
  create unlogged table digest.change (name text, rows int, digest numeric);
  create function digest.note() returns trigger language plpgsql security definer set timezone = 'UTC' as $$
  begin
    if tg_op = 'INSERT' then insert into digest.change values (tg_table_name, 1, ${hashOf("new")});
    elsif tg_op = 'DELETE' then insert into digest.change values (tg_table_name, -1, -${hashOf("old")});
    elsif tg_op = 'UPDATE' then insert into digest.change values (tg_table_name, 0, ${hashOf("new")} - ${hashOf("old")});
    else raise exception 'tables whose digest is kept are not truncated';
    end if;
    return null;
  end $$;
  -- The lock waits for who still writes: what they note is not lost between the reading and the emptying.
  create function digest.take() returns table (name text, rows bigint, digest numeric) language plpgsql as $$
  begin
    lock table digest.change in access exclusive mode;
    return query select c.name, sum(c.rows), sum(c.digest) from digest.change c group by c.name;
    if found then truncate digest.change; end if;
  end $$;`;

const tablesOf = (ownerUrl: string) =>
  asOwner<{ name: string }>(ownerUrl, "select table_name as name from information_schema.tables where table_schema = 'reeve' and table_type = 'BASE TABLE'");

/** Reads every row of every table. */
async function readSums(ownerUrl: string): Promise<Sums> {
  const parts = (await tablesOf(ownerUrl)).map(
    ({ name }) => `select '${name}' as name, count(*) as rows, coalesce(sum(${hashOf("t")}), 0) as digest from "${name}" t`,
  );
  const rows = await asOwner<Row>(ownerUrl, parts.join(" union all "));
  return new Map(rows.map((row) => [row.name, { rows: BigInt(row.rows), digest: BigInt(row.digest) }]));
}

async function watch(ownerUrl: string): Promise<Sums> {
  const triggers = (await tablesOf(ownerUrl)).map(
    ({ name }) => `
      create trigger digest_row after insert or update or delete on "${name}" for each row execute function digest.note();
      create trigger digest_table after truncate on "${name}" execute function digest.note();`,
  );
  await asOwner(ownerUrl, `begin; ${WATCH} ${triggers.join("")} commit`);
  return readSums(ownerUrl);
}

const textOf = (sums: Sums, except: readonly string[] = []): Record<string, string> =>
  Object.fromEntries([...sums].flatMap(([name, { rows, digest }]) => (except.includes(name) ? [] : [[name, `${rows} ${digest}`]])));

/** One digest per table of all its rows; two equal maps mean that nothing changed. */
export async function tableDigests(ownerUrl: string, except: readonly string[] = []): Promise<Record<string, string>> {
  const watched = kept.get(ownerUrl) ?? watch(ownerUrl);
  kept.set(ownerUrl, watched);
  const sums = await watched;
  for (const { name, rows, digest } of await asOwner<Row>(ownerUrl, "select * from digest.take()")) {
    const sum = sums.get(name) ?? { rows: 0n, digest: 0n };
    sums.set(name, { rows: sum.rows + BigInt(rows), digest: sum.digest + BigInt(digest) });
  }
  return textOf(sums, except);
}

/** The same from all rows anew: what was kept has to be equal to it. */
export const readDigests = async (ownerUrl: string): Promise<Record<string, string>> => textOf(await readSums(ownerUrl));
