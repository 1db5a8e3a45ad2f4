// JSON data as YAML, for reading: block style, and text in quotes where it could be read as something else.

const PLAIN = /^[A-Za-z_/][\w ./:@+-]*$/;
const WORDS = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** The value as YAML text. */
export function yamlText(value: unknown): string {
  return `${block(value, 0).replace(/^\n/, "")}\n`;
}

/** The value as it stands after its key: a scalar on the same line, or lines of its own. */
function block(value: unknown, depth: number): string {
  const indent = "  ".repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return value.map((item) => `\n${indent}- ${block(item, depth + 1).replace(/^\n\s*/, "")}`).join("");
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return "{}";
    return entries
      .map(([key, item]) => {
        const text = block(item, depth + 1);
        return `\n${indent}${scalar(key)}:${text.startsWith("\n") ? "" : " "}${text}`;
      })
      .join("");
  }
  return typeof value === "string" ? scalar(value) : (JSON.stringify(value) ?? "null");
}

const scalar = (text: string): string =>
  PLAIN.test(text) && !WORDS.test(text) && !text.includes(": ") && !/[ :]$/.test(text) && !text.includes(" #") ? text : JSON.stringify(text);
