// Which lines of a Python traceback are the person's own code: the rest is library code that one reads second.

export type TracebackLine = { text: string; kind: "own" | "library" | "error" | "other" };

const FRAME = /^\s*File "([^"]+)", line (\d+)/;
const LIBRARY = /(site-packages|dist-packages|\/lib\/python\d|\\Lib\\|<frozen |<string>)/;

/** The lines of a traceback with whose they are. A frame's code line belongs to its frame; the last unindented line is the error. */
export function tracebackLines(traceback: string): TracebackLine[] {
  const lines = traceback.replace(/\s+$/, "").split("\n");
  let kind: TracebackLine["kind"] = "other";
  return lines.map((text) => {
    const frame = FRAME.exec(text);
    if (frame) kind = LIBRARY.test(frame[1] ?? "") ? "library" : "own";
    else if (/^\S/.test(text)) kind = /^(Traceback|During handling|The above exception)/.test(text) ? "other" : "error";
    else if (text.trim() === "") return { text, kind: "other" as const };
    return { text, kind };
  });
}
