// Keys and values out of what people have at hand: a JSON object, or the lines of a .env file. Runs in the browser only.

/** The pairs in their order, the last of a name; null where the text is neither. */
export function splitPaste(text: string): [string, string][] | null {
  const pairs = text.trim().startsWith("{") ? ofJson(text) : ofLines(text);
  return pairs && pairs.length > 0 ? [...new Map(pairs)] : null;
}

function ofJson(text: string): [string, string][] | null {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null || Array.isArray(found)) return null;
    return Object.entries(found).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  } catch {
    return null;
  }
}

// A name, then a value in double quotes (with \n and \"), in single quotes (as it is), or up to the end of the line or a comment.
const LINE = /^[ \t]*(?:export[ \t]+)?([^\s=#{}]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\r\n]*?))[ \t]*(?:[ \t]#[^\r\n]*)?(?:\r?\n|$)/;
const SKIPPED = /^[ \t]*(?:#[^\r\n]*)?\r?\n/;
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

function ofLines(text: string): [string, string][] | null {
  const pairs: [string, string][] = [];
  let rest = `${text.trim()}\n`;
  while (rest !== "") {
    const skipped = SKIPPED.exec(rest);
    const line = skipped ?? LINE.exec(rest);
    if (!line) return null;
    rest = rest.slice(line[0].length);
    if (skipped) continue;
    const [, key = "", double, single, bare = ""] = line;
    pairs.push([key, double === undefined ? (single ?? bare) : double.replace(/\\([\s\S])/g, (_all, letter: string) => ESCAPES[letter] ?? letter)]);
  }
  return pairs;
}
