import { z } from "zod";
import { type CallContext, parseInput, type Workspace } from "@/lib/kernel/command";
import { route } from "@/lib/kernel/route";
import { stepThroughLog } from "@/lib/logs/read-log";

const input = z.object({
  q: z.string().min(1).max(500),
  from: z.coerce.number().int().min(0).max(1e12).default(0),
  back: z.enum(["0", "1"]).default("0"),
  level: z.coerce.number().int().min(0).max(50).default(0),
});

/** The next match of a text in a log, after (or with `back=1` before) line `from`, and how many there are. */
export const GET = route("run:read", async ({ context, params, url }) => {
  const { q, from, back, level } = parseInput(input, Object.fromEntries(url.searchParams));
  return Response.json(
    await stepThroughLog(context as CallContext & { workspace: Workspace }, params.log as string, {
      search: q,
      minLevel: level || null,
      from,
      isBackwards: back === "1",
    }),
  );
});
