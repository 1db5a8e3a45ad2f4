import "server-only";
import { z } from "zod";
import type { QueueItem } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { sealBriefly, unsealBriefly } from "@/lib/kernel/seal";

// A mail on its way: a command leaves it in the outbox, sealed, because links in it are secrets; the worker sends it. Plain text only,
// links from REEVE_URL only.

export const MAIL_TOPIC = "mail";
const PURPOSE = "mail";

const mailSchema = z.strictObject({
  to: z.email().max(320),
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(20_000),
  /** When the mail is of no more use: it is dropped instead of sent late. */
  until: z.iso.datetime({ offset: true }),
});

export type Mail = z.infer<typeof mailSchema>;

/** True when the operator set a mail server: features that need mail are shown only then. */
export const sendsMail = (): boolean => environment().mail !== undefined;

/** The item for a command's `queue`. Error: a ZodError for an address that is none. */
export function mailItem(mail: Mail): QueueItem {
  const id = newId();
  return { topic: MAIL_TOPIC, payload: { id, sealed: sealBriefly(PURPOSE, id, JSON.stringify(mailSchema.parse(mail))).toString("base64") } };
}

/** Opens what `mailItem` made. */
export function openMail(payload: Record<string, unknown>): Mail & { id: string } {
  const { id, sealed } = z.object({ id: z.string(), sealed: z.string() }).parse(payload);
  return { id, ...mailSchema.parse(JSON.parse(unsealBriefly(PURPOSE, id, Buffer.from(sealed, "base64")))) };
}

/** A link to a page of ours with a secret in its fragment, which browsers never send. `path` starts with a slash. */
export const secretLink = (path: string, secret: string): string => `${environment().url}${path}#${secret}`;
