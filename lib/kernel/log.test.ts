import { expect, it } from "vitest";
import { jsonLine } from "./log";

it("keeps secrets out of the line, whether named as such or inside a URL or a cause", () => {
  const cause = new Error("connect postgresql://app:hunter2@db/reeve");
  const line = jsonLine("error", "could not reach https://u:hunter2@host/x", {
    password: "hunter2",
    apiKey: "hunter2",
    error: new Error("outer", { cause }),
    count: 3,
  });
  expect(line).not.toContain("hunter2");
  const parsed = JSON.parse(line);
  expect(parsed).toMatchObject({ level: "error", password: "[redacted]", apiKey: "[redacted]", count: 3 });
  expect(parsed.error).toContain("caused by Error: connect postgresql://app:[redacted]@db/reeve");
});
