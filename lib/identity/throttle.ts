import "server-only";
import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import { sql } from "kysely";
import { inScope, type Tx } from "@/lib/kernel/transaction";

// Slows guessing down, by account and by source. Counted in rows, so that a restart or a second node forgets nothing. An attempt is
// charged before the password is looked at, in a transaction of its own: parallel guesses can't outrun the count.

export type Limit = { free: number; firstWaitS: number; longestWaitS: number };

/** After so many failures each further one doubles the wait. An hour without any forgets them. */
export const LIMITS = {
  account: { free: 5, firstWaitS: 5, longestWaitS: 900 },
  device: { free: 5, firstWaitS: 5, longestWaitS: 900 },
  source: { free: 20, firstWaitS: 5, longestWaitS: 900 },
  /** Wrong user codes of device logins, by person and by source (DEV-4). */
  code: { free: 5, firstWaitS: 30, longestWaitS: 900 },
  /** Device logins that nobody finished, by source (DEV-12). */
  device_request: { free: 20, firstWaitS: 15, longestWaitS: 300 },
} as const satisfies Record<string, Limit>;
const FORGET_AFTER_S = 3_600;

export type ThrottleKind = keyof typeof LIMITS;
export type ThrottleKey = { kind: ThrottleKind; name: string };

/** The key of an account by what was typed, so that an unknown one is throttled like a known one. Nothing readable is stored. */
export const accountKey = (email: string): ThrottleKey => ({ kind: "account", name: digest(email.trim().toLowerCase()) });

/** The key of a browser that signed in before. */
export const deviceKey = (nonce: string): ThrottleKey => ({ kind: "device", name: digest(nonce) });

/** The key of where a request comes from. */
export const sourceKey = (address: string | null): ThrottleKey => ({ kind: "source", name: sourceOf(address) });

/** The source of an address: itself for IPv4, its /64 for IPv6 (one customer has that many), "unknown" for none. */
export function sourceOf(address: string | null): string {
  if (!address || !ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  const prefix = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`);
  return `${prefix.toString()}/64`;
}

/**
 * Charges one attempt, in a transaction of its own unless one is given that commits whatever the attempt comes to. Gives the seconds to
 * wait when the key is blocked (nothing is charged then), otherwise 0.
 */
export function charge(key: ThrottleKey, within?: Tx): Promise<number> {
  const { free, firstWaitS, longestWaitS }: Limit = LIMITS[key.kind];
  const id = rowKey(key);
  return using(within, async (tx) => {
    const counted = await sql<{ failures: number }>`
      insert into throttle as t (key, failures, first_at) values (${id}, 1, clock_timestamp())
      on conflict (key) do update set
        failures = case when ${forgotten} then 1 else t.failures + 1 end,
        first_at = case when ${forgotten} then clock_timestamp() else t.first_at end,
        blocked_until = case when ${forgotten} or t.failures + 1 < ${free}::int then null
          else clock_timestamp() + make_interval(secs => least(${longestWaitS}::float8, ${firstWaitS}::float8 * power(2, least(t.failures + 1 - ${free}::int, 20)))) end
      where t.blocked_until is null or t.blocked_until <= clock_timestamp()
      returning failures`.execute(tx);
    if (counted.rows.length > 0) return 0;
    const blocked = await sql<{
      wait: number;
    }>`select ceil(extract(epoch from blocked_until - clock_timestamp()))::int as wait from throttle where key = ${id}`.execute(tx);
    return Math.max(1, blocked.rows[0]?.wait ?? 1);
  });
}

const forgotten = sql`greatest(t.blocked_until, t.first_at) < clock_timestamp() - make_interval(secs => ${sql.lit(FORGET_AFTER_S)})`;

/** Takes back the charge of an attempt that was right: an account or device starts anew, a source keeps its other failures. */
export function absolve(key: ThrottleKey, within?: Tx): Promise<void> {
  return using(within, async (tx) => {
    if (!COUNTS_ON.has(key.kind)) await tx.deleteFrom("throttle").where("key", "=", rowKey(key)).execute();
    else
      await sql`update throttle set failures = greatest(failures - 1, 0), blocked_until = case when failures - 1 < ${LIMITS[key.kind].free} then null else blocked_until end
        where key = ${rowKey(key)}`.execute(tx);
  });
}

/** Kinds that many people share: what one of them gets right forgives one failure, not all. */
const COUNTS_ON: ReadonlySet<ThrottleKind> = new Set(["source", "device_request"]);

const using = <T>(tx: Tx | undefined, work: (tx: Tx) => Promise<T>): Promise<T> => (tx ? work(tx) : inScope([], work));

const rowKey = (key: ThrottleKey) => `${key.kind}:${key.name}`;
const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
