import { type Answer, ProviderError } from "../contract";

// Reading what Amazon's services answer: XML of a fixed shape (STS, S3) and JSON (EKS, ECR).

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) =>
    name ? (ENTITIES[name.toLowerCase()] ?? whole) : codePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16)),
  );

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "�");

/** The texts of all elements of a name that holds text alone. */
export const texts = (answer: Answer, name: string): string[] =>
  [...answer.body.toString("utf8").matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) => decoded(text ?? "").trim());

/** The text of an element that has to be there. Error: ProviderError "unreadable-answer". */
export function text(answer: Answer, name: string): string {
  const [found] = texts(answer, name);
  if (!found) throw unreadable(name);
  return found;
}

export const unreadable = (what: string) => new ProviderError("unreadable-answer", `The answer has no ${what}: this may be no AWS service.`);

/** Error: ProviderError "unreadable-answer" for what is no JSON object. */
export function json(answer: Answer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(answer.body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch {
    // said below
  }
  throw unreadable("JSON");
}

export const requestId = ({ headers }: Answer): string | null => {
  const id = headers["x-amzn-requestid"] ?? headers["x-amz-request-id"];
  return typeof id === "string" && /^[\w-]{1,128}$/.test(id) ? id : null;
};

/** `ExpiredToken` of XML's Code, of JSON's `__type`, or of a header where there is no body (HEAD). */
export function errorCode(answer: Answer): string | null {
  const [code] = texts(answer, "Code");
  if (code) return code;
  const header = answer.headers["x-amzn-errortype"];
  if (typeof header === "string") return header.split(":")[0] ?? null;
  const type = /"__type"\s*:\s*"(?:[\w.]*#)?(\w+)"/.exec(answer.body.toString("utf8"));
  return type?.[1] ?? null;
}
