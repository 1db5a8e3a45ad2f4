import { expect, test } from "vitest";
import { tries } from "@/lib/kernel/soak";
import { SignInRefused } from "../schema";
import { checkResponse } from "./check-response";
import { answerOf, encoded, expectedOf, responseXml, signResponse } from "./identity-provider.sample";
import { LAYOUTS } from "./layouts.sample";

// However a signed response is changed on its way: it is refused, or it says exactly what it said.

const PIECES = [
  "<!--x-->",
  "<![CDATA[x]]>",
  "&#65;",
  "&lt;",
  "<?x?>",
  '<x xmlns="urn:x"/>',
  ' ID="_x"',
  ' xmlns:saml="urn:x"',
  "\u2028",
  "\r\n",
  "&#13;",
  "<!DOCTYPE x>",
  "</saml:Issuer>",
  "admin@",
  "\u0000",
  "]]>",
];

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function changed(xml: string, random: () => number): string {
  const place = () => Math.floor(random() * xml.length);
  const [from, length, to] = [place(), Math.ceil(random() * 200), place()];
  const slice = xml.slice(from, from + length);
  const elements = xml.match(/<[^<>]+>[^<]*/g) ?? [];
  const element = elements[Math.floor(random() * elements.length)] ?? "";
  const ways = [
    () => xml.slice(0, from) + xml.slice(from + length),
    () => xml.slice(0, to) + slice + xml.slice(to),
    () => xml.slice(0, to) + element + xml.slice(to),
    () => xml.replace(element, ""),
    () => xml.slice(0, from) + PIECES[Math.floor(random() * PIECES.length)] + xml.slice(from),
    () => xml.slice(0, from) + String.fromCharCode(32 + Math.floor(random() * 95)) + xml.slice(from + 1),
    () => xml.replace(/>(?=<)/, () => `>${PIECES[Math.floor(random() * PIECES.length)]}`),
  ];
  return (ways[Math.floor(random() * ways.length)] as () => string)();
}

const STARTS: [string, string][] = (["response", "assertion", "both"] as const).flatMap((what) => [
  [`plain, signed: ${what}`, signResponse(responseXml(answerOf()), { what })],
  [`shibboleth, signed: ${what}`, signResponse(LAYOUTS.shibboleth?.(answerOf()) ?? "", { what })],
]);

test.each(STARTS)(
  "%s",
  (name, xml) => {
    const { subject, claims, assertion, sessionIndex } = checkResponse(encoded(xml), expectedOf());
    const random = seeded(name.length);
    let refused = 0;
    for (let round = 0; round < tries(10_000); round++) {
      let altered = xml;
      for (let times = Math.ceil(random() * 3); times > 0; times--) altered = changed(altered, random);
      try {
        expect(checkResponse(encoded(altered), expectedOf())).toMatchObject({ subject, claims, assertion, sessionIndex });
      } catch (error) {
        if (!(error instanceof SignInRefused)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(tries(10_000) / 2);
  },
  600_000,
);
