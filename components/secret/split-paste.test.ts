import { expect, it } from "vitest";
import { splitPaste } from "./split-paste";

it.each([
  [
    "lines",
    "USER=reader\nPASSWORD=a=b",
    [
      ["USER", "reader"],
      ["PASSWORD", "a=b"],
    ],
  ],
  [
    "comments, blank lines, export, spaces",
    "# lake\n\nexport USER = reader # who\r\nURL=http://x/#top",
    [
      ["USER", "reader"],
      ["URL", "http://x/#top"],
    ],
  ],
  [
    "double quotes",
    'KEY="-----BEGIN-----\\nab\\"c\n-----END-----"\nB=1',
    [
      ["KEY", '-----BEGIN-----\nab"c\n-----END-----'],
      ["B", "1"],
    ],
  ],
  ["single quotes", "A='x\\n # y'", [["A", "x\\n # y"]]],
  ["an empty value", "A=", [["A", ""]]],
  ["a name twice", "A=1\nA=2", [["A", "2"]]],
  [
    "JSON",
    '{"user":"reader","port":5432,"tls":true,"more":{"a":1}}',
    [
      ["user", "reader"],
      ["port", "5432"],
      ["tls", "true"],
      ["more", '{"a":1}'],
    ],
  ],
])("splits %s", (_what, text, pairs) => {
  expect(splitPaste(text)).toEqual(pairs);
});

it.each(["", "   ", "just a token", "{broken", "[1]", "{}", "A=1\nno pair"])("%j is no list of keys", (text) => {
  expect(splitPaste(text)).toBeNull();
});
