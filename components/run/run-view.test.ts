import { describe, expect, it } from "vitest";
import { readRunView, runViewHref } from "./run-view";

describe("a run's address", () => {
  it("comes back as it was written", () => {
    for (const address of [
      "/r",
      "/r?tab=steps&find=load&status=failed&from=100",
      "/r?tab=graph&step=train~1&pane=logs",
      "/r?tab=steps&group=g%3Ascore&step=map%3Ascore%3A7",
      "/r?tab=logs&step=map%3Ascore%3A7",
      "/r?artifact=018f0000-0000-7000-8000-000000000001",
    ]) {
      const params = Object.fromEntries(new URL(address, "http://host").searchParams);
      expect(runViewHref("/r", readRunView(params)).replace("%7E", "~")).toBe(address);
    }
  });

  it("keeps a ~ that belongs to the name", () => {
    expect(readRunView({ step: "a~b~2" }).step).toEqual({ name: "a~b", version: 2 });
    expect(readRunView({ step: "a~b" }).step).toEqual({ name: "a~b", version: null });
  });

  it("drops what it does not know, and an artifact beside a step", () => {
    expect(readRunView({ tab: "nope", pane: "nope", from: "-3", step: ["a", "b"] })).toEqual({
      tab: null,
      step: null,
      artifact: null,
      pane: "overview",
      find: "",
      status: null,
      group: null,
      from: 0,
    });
    expect(readRunView({ step: "a", artifact: "b" }).artifact).toBeNull();
  });
});
