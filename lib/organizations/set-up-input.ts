import { z } from "zod";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";

// What the set-up page asks for; the same rules for the form and for the command.

const EMAIL = /^[^\s@]+@[^\s@]+$/;

const line = (what: string, longest: number) =>
  z
    .string()
    .trim()
    .min(1, { error: `${what} is missing.` })
    .max(longest, { error: `${what} may have at most ${longest} characters.` })
    .refine((text) => !/\p{Cc}/u.test(text), { error: `${what} holds a control character.` });

export const setUpInput = z
  .strictObject({
    secret: z.string().min(1).max(200),
    organization: line("The organization's name", 100),
    timeZone: z.string().max(60).refine(isTimeZone, { error: "The time zone is not known here. Use a name such as Europe/Amsterdam." }),
    name: line("Your name", 100),
    email: line("Your e-mail address", 320).refine((text) => EMAIL.test(text), {
      error: "An e-mail address has a name, an @ and a domain, such as lena@example.com.",
    }),
    password: z.string().max(1_024),
  })
  .superRefine((input, context) => {
    const problem = passwordProblem(input.password, [input.organization, input.name, input.email]);
    if (problem) context.addIssue({ code: "custom", path: ["password"], message: passwordSentence(problem) });
  });

export type SetUpInput = z.output<typeof setUpInput>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name !== "";
  } catch {
    return false;
  }
}
