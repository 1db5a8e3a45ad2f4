import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { whySealed } from "@/lib/kernel/active-master-key";
import { environment } from "@/lib/kernel/env";
import { masterKeys } from "@/lib/kernel/master-keys";
import { defineQuery } from "@/lib/kernel/query";
import { wholeReason } from "@/lib/kernel/sealed-error";
import type { MasterKeyRow, MasterKeys } from "./schema";

const ORDER = ["active", "retiring", "waiting", "retired"];

/** The master keys with their places, and a move that is under way. */
export const getMasterKeys = defineQuery({
  name: "master-key.list",
  permission: "system:read",
  input: z.strictObject({}),
  scope: () => ({}),
  run: async ({ tx, actor }): Promise<MasterKeys> => {
    const rows = await tx.selectFrom("master_key").selectAll().orderBy("began_at", "desc").execute();
    const readable = new Map(masterKeys().map((key) => [key.id, key.place]));
    const known: MasterKeyRow[] = rows.map((row) => ({
      id: row.id,
      state: row.state as MasterKeyRow["state"],
      place: row.state === "retired" ? null : (readable.get(row.id) ?? null), // its file was put aside
      since: row.began_at,
      by: row.began_by_name,
      retiredAt: row.retired_at,
    }));
    const unused = [...readable]
      .filter(([id]) => rows.every((row) => row.id !== id))
      .map(
        ([id, place], at): MasterKeyRow => ({ id, place, state: rows.length === 0 && at === 0 ? "active" : "waiting", since: null, by: null, retiredAt: null }),
      );
    const keys = [...known, ...unused].sort((left, right) => ORDER.indexOf(left.state) - ORDER.indexOf(right.state));
    const active = rows.find((row) => row.state === "active");
    const from = rows.find((row) => row.state === "retiring");
    const sealed = await whySealed(tx);
    return {
      keys,
      move:
        active && from
          ? {
              from: from.id,
              to: active.id,
              total: active.total,
              moved: active.moved,
              failed: active.failed,
              since: active.began_at,
              by: active.began_by_name,
            }
          : null,
      // Where keys lie, and what a service said of one, is for who may do something about it.
      sealed: sealed ? (can(actor, "system:update").allowed ? wholeReason(sealed) : sealed.message) : null,
      next: keys.some((key) => key.state === "waiting") ? "waiting" : environment().kms ? "outside" : environment().masterKey ? null : "file",
    };
  },
});
