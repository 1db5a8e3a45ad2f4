import "server-only";
import { z } from "zod";
import { parseInput } from "@/lib/kernel/command";
import { jsonField } from "@/lib/kernel/form-fields";

// The connector form's fields as commands want them: texts, some of them JSON.

const fields = z.object({
  name: z.string(),
  method: z.string(),
  configuration: jsonField(z.record(z.string(), z.unknown())),
  resourceTypes: jsonField(z.array(z.string())),
  resourceId: z.string().transform((text) => text || null),
  expirationSeconds: z.string().transform((text) => (text ? Number(text) : null)),
  expiresAt: z.string().transform((text) => text || null),
});

/** Error: invalid_input. */
export const readConnectorForm = (sent: Record<string, string>) => parseInput(fields.extend({ type: z.string() }), sent);
/** Error: invalid_input. */
export const readChangeForm = (sent: Record<string, string>) => parseInput(fields.extend({ id: z.uuid(), basedOn: z.string() }), sent);

const rotation = z.object({ id: z.uuid(), keys: jsonField(z.record(z.string(), z.string())), expiresAt: z.string().transform((text) => text || null) });
/** Error: invalid_input. */
export const readRotationForm = (sent: Record<string, string>) => parseInput(rotation, sent);
