import { expect, it } from "vitest";
import { passwordProblem } from "@/lib/identity/password-rule";

const KNOWN = ["Acme Fraud", "Lena Aalto", "lena.aalto@example.com"];

it.each([
  ["", "too_short"],
  ["elevenchars", "too_short"],
  ["x".repeat(257), "too_long"],
  ["aaaaaaaaaaaa", "few_characters"],
  ["abababababab", "few_characters"],
  ["password1234", "common"],
  ["Password2026!", "common"],
  ["qwertyuiop12", "common"],
  ["abcdefghijkl", "common"],
  ["987654321098", "common"],
  ["changemechangeme", "common"],
  ["lenaaalto2026", "personal"],
  ["AcmeFraud123", "personal"],
  ["lena.aalto@example", "personal"],
])("%j is %s", (password, problem) => {
  expect(passwordProblem(password, KNOWN)).toBe(problem);
});

it.each([["correct horse battery"], ["Tr0ub4dor&3xyz"], ["vier woorden zijn genoeg"], ["großes-Wörterbuch"], ["密码密码很长的一个密码短语"]])(
  "%j is fine",
  (password) => {
    expect(passwordProblem(password, KNOWN)).toBeUndefined();
  },
);
