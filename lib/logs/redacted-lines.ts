import { LONGEST, marker, type SecretRedactor } from "@/lib/secrets/redact-secrets";
import type { LogLine } from "./log-line";

// Lines without the secrets that the workspace knows. The client cuts a long message into chunks, one line each, so a secret may begin in
// one line and end in the next: each chunk is looked at together with the ends of its neighbours.

/** The lines with secrets replaced. A line of the input is held until the next one is known. */
export async function* redactedLines(lines: AsyncIterable<LogLine>, redactor: SecretRedactor): AsyncGenerator<LogLine> {
  if (redactor.isEmpty) return yield* lines;
  let previous: LogLine | undefined;
  let current: LogLine | undefined;
  for await (const next of lines) {
    if (current) yield redactedLine(redactor, current, previous, next);
    previous = current;
    current = next;
  }
  if (current) yield redactedLine(redactor, current, previous, undefined);
}

/** One line without secrets, given its neighbours. */
export function redactedLine(redactor: SecretRedactor, line: LogLine, previous: LogLine | undefined, next: LogLine | undefined): LogLine {
  if (redactor.isEmpty) return line;
  const before = previous && goesOn(previous, line) ? previous.message.slice(-LONGEST) : "";
  const after = next && goesOn(line, next) ? next.message.slice(0, LONGEST) : "";
  return {
    ...line,
    message: part(redactor, before, line.message, after),
    name: line.name && redactor.redact(line.name),
    module: line.module && redactor.redact(line.module),
    filename: line.filename && redactor.redact(line.filename),
  };
}

const goesOn = (first: LogLine, second: LogLine): boolean => first.id !== null && first.id === second.id && second.chunkIndex === first.chunkIndex + 1;

/** The middle text; what a secret begins in the text before is left out, its marker stands there. */
function part(redactor: SecretRedactor, before: string, text: string, after: string): string {
  if (before === "" && after === "") return redactor.redact(text);
  const [begin, end] = [before.length, before.length + text.length];
  let shown = "";
  let at = begin;
  for (const range of redactor.find(before + text + after)) {
    if (range.end <= begin || range.start >= end) continue;
    if (range.start >= begin) shown += text.slice(at - begin, range.start - begin) + marker(range.name);
    at = Math.min(range.end, end);
  }
  return shown + text.slice(at - begin);
}
