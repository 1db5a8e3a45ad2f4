import "server-only";
import type { Element } from "@xmldom/xmldom";
import { SignInRefused } from "../schema";
import { fromBase64 } from "./algorithms";
import { UnreadableXml } from "./scan";
import { readXml } from "./xml";

// A message as it is posted: base64 of UTF-8. Its size is looked at before anything else.

const MOST_BYTES = 1024 * 1024;
const MOST_ENCODED = Math.ceil(MOST_BYTES / 3) * 4 * 1.05; // line breaks of base64

export type Message = { text: string; root: Element };

export function readMessage(text: string): Message {
  return { text, root: readXml(text) };
}

/** The XML in `encoded`. Throws SignInRefused for what can't be read safely. */
export function decodeMessage(encoded: string): Message {
  const bytes = encoded.length > MOST_ENCODED ? undefined : fromBase64(encoded);
  if (bytes === undefined || (bytes && bytes.length > MOST_BYTES)) throw new SignInRefused("saml.too_large");
  if (!bytes) throw new SignInRefused("saml.malformed", "not base64");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SignInRefused("saml.malformed", "not UTF-8");
  }
  return readMessage(text);
}

/** What isn't readable becomes a refusal, wherever it is found. */
export function refusingUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UnreadableXml ? new SignInRefused("saml.malformed", error.reason) : error;
  }
}
