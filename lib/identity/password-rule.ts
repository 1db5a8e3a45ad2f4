// What a password must be, for the form (which says it while one types) and for the server (which decides). Length first, as NIST
// SP 800-63B §5.1.1.2 advises: no character classes, but nothing common, repeated or taken from what everybody knows of the person.

export const MIN_PASSWORD_LENGTH = 12;
/** Argon2 reads all of it; the limit only keeps a request from being a burden. */
export const MAX_PASSWORD_LENGTH = 256;

const COMMON = [
  "password",
  "passwort",
  "letmein",
  "welcome",
  "qwerty",
  "qwertz",
  "azerty",
  "abc123",
  "iloveyou",
  "admin",
  "changeme",
  "changeit",
  "monkey",
  "dragon",
  "sunshine",
  "football",
  "trustno1",
  "secret",
  "default",
  "zenml",
  "reeve",
];
const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const MIN_DISTINCT = 6;
const MIN_OWN_WORD = 4;

export type PasswordProblem = "too_short" | "too_long" | "few_characters" | "common" | "personal";

const SENTENCES: Record<PasswordProblem, string> = {
  too_short: `The password needs at least ${MIN_PASSWORD_LENGTH} characters.`,
  too_long: `The password may have at most ${MAX_PASSWORD_LENGTH} characters.`,
  few_characters: `The password needs at least ${MIN_DISTINCT} different characters.`,
  common: "The password is little more than a common word, a row of keys or a sequence.",
  personal: "The password is little more than your name, your e-mail address or the organization's name.",
};

/** The first rule that a password fails, or undefined. `known` is what others know: name, e-mail address, organization. */
export function passwordProblem(password: string, known: readonly string[] = []): PasswordProblem | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) return "too_short";
  if (length > MAX_PASSWORD_LENGTH) return "too_long";
  if (new Set(password).size < MIN_DISTINCT) return "few_characters";
  const text = password.toLowerCase();
  const words = known.flatMap((item) => item.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= MIN_OWN_WORD);
  const isMostly = (parts: readonly string[]) => rest(text, parts) < MIN_PASSWORD_LENGTH / 2;
  if (isMostly([...COMMON, ...sequencesIn(text)])) return "common";
  if (words.length > 0 && isMostly([...words, ...COMMON])) return "personal";
  return undefined;
}

/** The sentence for a problem, fit for the form's field. */
export const passwordSentence = (problem: PasswordProblem): string => SENTENCES[problem];

/** How many characters stay when the guessable parts are taken away. */
function rest(text: string, parts: readonly string[]): number {
  let left = text;
  for (const part of [...parts].sort((a, b) => b.length - a.length)) left = left.replaceAll(part, "");
  return left.length;
}

/** Rows of four and more neighbouring keys, letters or digits, forwards or backwards. */
function sequencesIn(text: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length; start++)
    for (let end = text.length; end - start >= MIN_OWN_WORD; end--) {
      const part = text.slice(start, end);
      const reversed = [...part].reverse().join("");
      if (RUNS.some((run) => run.includes(part) || run.includes(reversed))) {
        found.push(part);
        start = end - 1;
        break;
      }
    }
  return found;
}
