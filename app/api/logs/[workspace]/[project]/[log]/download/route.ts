import { z } from "zod";
import { type CallContext, parseInput, type Workspace } from "@/lib/kernel/command";
import { route } from "@/lib/kernel/route";
import { logText } from "@/lib/logs/read-log";

const input = z.object({
  from: z.coerce.number().int().min(1).max(1e12).default(1),
  to: z.coerce.number().int().min(1).max(1e12).default(1e12),
  level: z.coerce.number().int().min(0).max(50).default(0),
});

/** A log as a text file, or some of its lines, without the secrets that the workspace knows. */
export const GET = route("run:read", async ({ context, params, url }) => {
  const { from, to, level } = parseInput(input, Object.fromEntries(url.searchParams));
  const text = await logText(context as CallContext & { workspace: Workspace }, params.log as string, { from, to, minLevel: level || null });
  return new Response(text, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="${params.log}.log"`,
      "x-content-type-options": "nosniff",
    },
  });
});
