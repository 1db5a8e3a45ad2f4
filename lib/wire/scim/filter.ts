import { invalid } from "./problem";

// Filters of SCIM (RFC 7644 §3.4.2.2) as a tree: `and`, `or`, `not`, brackets, comparisons, and filters on the values of an attribute.

export type Value = string | number | boolean | null;
export type Comparison = { kind: "compare"; path: string; op: Operator; value: Value };
export type Filter =
  | Comparison
  | { kind: "present"; path: string }
  | { kind: "and" | "or"; of: Filter[] }
  | { kind: "not"; of: Filter }
  | { kind: "values"; path: string; of: Filter };

const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type Operator = (typeof OPERATORS)[number];

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 20;
const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([A-Za-z$][\w$.:-]*)|(-?\d+(?:\.\d+)?))/y;

/** Parses a filter; attribute names come in small letters. Error: 400 invalidFilter. */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_LENGTH) throw wrong(`is longer than ${MAX_LENGTH} characters`);
  const parser = new Parser(tokens(text));
  const filter = parser.either(0);
  if (!parser.isDone) throw wrong(`ends before ${parser.next}`);
  return filter;
}

const wrong = (why: string) => invalid("invalidFilter", `The filter ${why}.`);

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    if (/^\s*$/.test(text.slice(TOKEN.lastIndex))) break;
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw wrong(`can't be read from its character ${at + 1} on`);
    found.push(match[1] ?? match[2] ?? match[3] ?? (match[4] as string));
  }
  return found;
}

class Parser {
  private at = 0;
  constructor(private readonly all: readonly string[]) {}

  get isDone(): boolean {
    return this.at >= this.all.length;
  }
  get next(): string {
    return this.all[this.at] ?? "";
  }

  either(depth: number): Filter {
    return this.joined("or", depth, () => this.both(depth));
  }

  private both(depth: number): Filter {
    return this.joined("and", depth, () => this.one(depth));
  }

  private joined(word: "and" | "or", depth: number, part: () => Filter): Filter {
    if (depth > MAX_DEPTH) throw wrong("is nested too deeply");
    const of = [part()];
    while (this.next.toLowerCase() === word) {
      this.at++;
      of.push(part());
    }
    return of.length === 1 ? (of[0] as Filter) : { kind: word, of };
  }

  private one(depth: number): Filter {
    if (this.next.toLowerCase() === "not" && this.all[this.at + 1] === "(") {
      this.at++;
      return { kind: "not", of: this.bracketed("(", ")", depth) };
    }
    if (this.next === "(") return this.bracketed("(", ")", depth);
    const path = this.take();
    if (!/^[A-Za-z$]/.test(path)) throw wrong("needs the name of an attribute");
    if (this.next === "[") return { kind: "values", path: path.toLowerCase(), of: this.bracketed("[", "]", depth) };
    const op = this.take().toLowerCase();
    if (op === "pr") return { kind: "present", path: path.toLowerCase() };
    if (!OPERATORS.includes(op as Operator)) throw wrong(`has no comparison after ${path}`);
    return { kind: "compare", path: path.toLowerCase(), op: op as Operator, value: literal(this.take()) };
  }

  private bracketed(open: string, close: string, depth: number): Filter {
    if (this.take() !== open) throw wrong(`lacks ${open}`);
    const filter = this.either(depth + 1);
    if (this.take() !== close) throw wrong(`lacks ${close}`);
    return filter;
  }

  private take(): string {
    const token = this.all[this.at++];
    if (token === undefined) throw wrong("ends too early");
    return token;
  }
}

/** A value is JSON (§3.4.2.2): text in quotes, a number, true, false or null. Entra writes True and False. */
function literal(token: string): Value {
  try {
    return JSON.parse(/^(true|false)$/i.test(token) ? token.toLowerCase() : token) as Value;
  } catch {
    throw wrong(`compares with ${token}, which is no value (text stands in quotes)`);
  }
}
