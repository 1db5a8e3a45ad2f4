import { type Answer, type Call, ProviderError } from "../contract";
import { accepted, type Json, objectAt, parsedOrNull, textOf } from "../reading";

// Where a workload identity's file says that the outside token is: an address, called through the guard as any other; or a file, which only the
// server's own identity may name (`host`), since it is this machine's. Programs are never run.

const WHO = "The source of the workload's token";

function read(source: Json, text: string): string {
  const format = objectAt(source, "format");
  const token = format.type === "json" ? textOf(parsedOrNull(text)?.[textOf(format.subject_token_field_name) ?? ""]) : textOf(text);
  if (!token) throw new ProviderError("unreadable-answer", `${WHO} gave none.`);
  return token;
}

const headersOf = (source: Json): Record<string, string> =>
  Object.fromEntries(Object.entries(objectAt(source, "headers")).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));

/** Error: ProviderError. */
export async function subjectToken(key: Json, call: Call): Promise<string> {
  const source = objectAt(key, "credential_source");
  const [url, path] = [textOf(source.url), textOf(source.file)];
  if (source.environment_id !== undefined || source.executable !== undefined)
    throw new ProviderError(
      "unsupported",
      "A workload identity of another cloud's machine or of a program can't be used here: give one with an address of its token.",
    );
  if (url) {
    const answer: Answer = accepted(await call.send(url, { headers: headersOf(source) }), WHO);
    return read(source, answer.body.toString("utf8"));
  }
  if (!path) throw new ProviderError("misconfigured", "The workload identity's file does not say where its token is.");
  if (!call.host)
    throw new ProviderError("unsupported", "A workload identity whose token is a file reads this server's disk: only the server's own identity may.");
  const text = await call.host.file(path);
  if (text === undefined) throw new ProviderError("misconfigured", "The workload's token file can't be read.");
  return read(source, text);
}
