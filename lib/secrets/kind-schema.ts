import type { ConfigField } from "@/lib/flavors/config-schema";

// A kind of secrets as forms draw it, and what came of a test: plain data.

export type KindForm = {
  kind: string;
  title: string;
  group: string;
  about: string;
  docs: { label: string; url: string };
  fields: ConfigField[];
  /** Whether one call can say that the values work. */
  isTestable: boolean;
  /** Why there is no test, or what it was tried against. */
  note: string;
};

export const TEST_OUTCOMES = ["worked", "refused", "unreachable"] as const;
export type TestOutcome = (typeof TEST_OUTCOMES)[number];
export type TestAnswer = { outcome: TestOutcome; words: string };

/** What came of a test, as a sentence. */
export const testSentence = ({ outcome, words }: TestAnswer): string =>
  outcome === "worked" ? words : `${outcome === "refused" ? "Refused" : "Unreachable"}, because ${words}`;
