import "server-only";

// A look at XML before anything parses it: only what SAML needs gets through, so that two parsers can't read the same text differently.
// Elements that nest, text, the five entities and characters by number; comments and CDATA as far as they are closed. No DTD, so nothing
// expands and nothing is fetched; no processing instructions (canonical forms of them differ between libraries).

/** `reason` is ours and holds nothing of the text. */
export class UnreadableXml extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}
const refuse = (reason: string): never => {
  throw new UnreadableXml(reason);
};

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.0["'](?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([\w.-]{1,40})["'])?[^?<>]{0,40}\?>/;
const REFERENCE = /&(?:amp;|lt;|gt;|quot;|apos;|#(\d{1,7});|#x([0-9a-fA-F]{1,6});)?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const NAME = "[A-Za-z_][\\w.-]{0,200}(?::[A-Za-z_][\\w.-]{0,200})?"; // ASCII: no name of SAML is anything else
const OPEN = new RegExp(`<(${NAME})`, "y");
const ATTRIBUTE = new RegExp(`[ \\t\\r\\n]{1,4000}(${NAME})[ \\t\\r\\n]{0,400}=[ \\t\\r\\n]{0,400}(?:"[^"<]*"|'[^'<]*')`, "y");
const END_OF_OPEN = /[ \t\r\n]{0,4000}(\/?)>/y;
const CLOSE = new RegExp(`</(${NAME})[ \\t\\r\\n]{0,4000}>`, "y");

const MOST_REFERENCES = 5_000;

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

/** How many references are in `text`. A numbered character that XML 1.0 doesn't have would be kept by one parser and dropped by the next. */
function referencesIn(text: string): number {
  let count = 0;
  for (const [whole, decimal, hex] of text.matchAll(REFERENCE)) {
    if (++count > MOST_REFERENCES) refuse("too many references");
    if (whole === "&") refuse("an entity that XML does not define");
    if (!decimal && !hex) continue;
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? "", 16);
    const isCharacter =
      code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
    if (!isCharacter) refuse("a character that XML does not have");
  }
  return count;
}

/** Where the start tag at `position` ends, and its name; `open` is false for an empty element. */
function startTag(text: string, position: number): { name: string; end: number; open: boolean } {
  const name = at(OPEN, text, position)?.[1] ?? refuse("a tag that is not one");
  const seen = new Set<string>();
  let end = OPEN.lastIndex;
  for (let found = at(ATTRIBUTE, text, end); found; found = at(ATTRIBUTE, text, end)) {
    const attribute = found[1] ?? "";
    if (seen.has(attribute) || seen.size >= 60) refuse("an attribute twice, or too many");
    seen.add(attribute);
    end = ATTRIBUTE.lastIndex;
  }
  const tail = at(END_OF_OPEN, text, end) ?? refuse("a tag that does not end");
  return { name, end: END_OF_OPEN.lastIndex, open: tail[1] === "" };
}

function skip(text: string, position: number, from: number, terminator: string): number {
  const end = text.indexOf(terminator, position + from);
  return end < 0 ? refuse("a section that does not end") : end + terminator.length;
}

/** Throws UnreadableXml unless `text` is one element of at most `depth` levels and `elements` elements. Linear in its length. */
export function scan(text: string, { depth, elements }: { depth: number; elements: number }): void {
  if (NO_CHARACTER.test(text)) refuse("a character that XML does not have");
  const declaration = DECLARATION.exec(text);
  if (declaration?.[1] && !/^(utf-?8|us-ascii)$/i.test(declaration[1])) refuse("an encoding that is not UTF-8");
  const open: string[] = [];
  let count = 0;
  let references = 0;
  let position = declaration?.[0].length ?? 0;
  while (position < text.length) {
    const next = text.indexOf("<", position);
    const between = text.slice(position, next < 0 ? text.length : next);
    if (open.length === 0 && !/^[ \t\r\n]*$/.test(between)) refuse("text outside the element");
    if (between.includes("]]>")) refuse("an end of CDATA outside of it");
    references += referencesIn(between);
    if (references > MOST_REFERENCES) refuse("too many references");
    if (next < 0) break;
    if (text.startsWith("<!--", next)) position = skip(text, next, 4, "-->");
    else if (text.startsWith("<![CDATA[", next) && open.length > 0) position = skip(text, next, 9, "]]>");
    else if (text[next + 1] === "!") refuse("a document type or an entity");
    else if (text[next + 1] === "?") refuse("a processing instruction");
    else if (text[next + 1] === "/") {
      if (open.pop() !== at(CLOSE, text, next)?.[1]) refuse("elements that do not nest");
      position = CLOSE.lastIndex;
    } else {
      if (open.length === 0 && count > 0) refuse("several roots");
      const tag = startTag(text, next);
      if (++count > elements) refuse("too many elements");
      references += referencesIn(text.slice(next, tag.end));
      if (tag.open && open.push(tag.name) > depth) refuse("too deep");
      position = tag.end;
    }
  }
  if (open.length > 0 || count === 0) refuse("elements that do not end");
}
