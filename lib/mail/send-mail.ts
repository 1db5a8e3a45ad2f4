import "server-only";
import { createTransport } from "nodemailer";
import type { Handler } from "@/lib/jobs/handler";
import { environment, isLoopback } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { openMail } from "./mail";

// Sends what the outbox holds. A server that is away is tried again until the mail is of no more use; one that refuses the mail for
// good is not. The log names the mail by its id: never an address, never the text.

const WAIT_MS = 15_000; // well under the outbox's lease

/** The outbox's handler for mail. Throws to be tried again. */
export const sendMail: Handler = async (payload) => {
  const { id, to, subject, text, until } = openMail(payload);
  const { mail } = environment();
  if (!mail) return log.warn("a mail was dropped: REEVE_SMTP_URL is not set any more", { id });
  if (Date.parse(until) < Date.now()) return log.warn("a mail was dropped: it could not be sent before its link ended", { id });
  const { url, from } = mail;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const transport = createTransport({
    host,
    port: Number(url.port) || (url.protocol === "smtps:" ? 465 : 587),
    secure: url.protocol === "smtps:",
    // Passwords and links never cross the network in the clear; a server on this machine has no network to cross.
    requireTLS: url.protocol === "smtp:" && !isLoopback(host),
    auth: url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : undefined,
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    // The same Message-ID at each try, so that one that was taken twice is one mail to its reader.
    await transport.sendMail({ from, to: { name: "", address: to }, subject, text, messageId: `<${id}@${new URL(environment().url).hostname}>` });
  } catch (error) {
    const { responseCode, code, command } = error as { responseCode?: number; code?: string; command?: string };
    if (responseCode !== undefined && responseCode >= 500 && (command === "RCPT TO" || command === "DATA"))
      return log.warn("a mail was refused for good by the mail server", { id, responseCode, command });
    // What the server said may repeat the address.
    throw new Error(`the mail server did not take mail ${id}: ${[code, responseCode, command].filter(Boolean).join(" ")}`);
  } finally {
    transport.close();
  }
};
