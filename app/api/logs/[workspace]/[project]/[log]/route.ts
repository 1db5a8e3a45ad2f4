import { z } from "zod";
import { type CallContext, parseInput, type Workspace } from "@/lib/kernel/command";
import { route } from "@/lib/kernel/route";
import { readRows } from "@/lib/logs/read-log";

const place = z.coerce.number().int().min(0).max(1e12);
const input = z.object({
  row: place.optional(),
  line: place.optional(),
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
  level: z.coerce.number().int().min(0).max(50).default(0),
});

/** Lines of a log by their place: `?row=<from 0>` or `?line=<number>` for the lines around it, `&level=<least>`, `&limit=`. */
export const GET = route("run:read", async ({ context, params, url }) => {
  const { row, line, limit, level } = parseInput(input, Object.fromEntries(url.searchParams));
  const at = line === undefined ? { row: row ?? 0 } : { line };
  const page = await readRows(context as CallContext & { workspace: Workspace }, params.log as string, { at, limit, minLevel: level || null });
  const lines = page.lines.map(({ number, message, level, timestamp }) => ({ number, message, level, timestamp }));
  return Response.json({ ...page, lines });
});
