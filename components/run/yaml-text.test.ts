import { describe, expect, it } from "vitest";
import { yamlText } from "./yaml-text";

describe("JSON as YAML", () => {
  it("nests maps and lists", () => {
    expect(yamlText({ name: "train", settings: { docker: { requirements: ["xgboost==2.1.4", "pandas"] } }, steps: [{ a: 1, b: [] }, []], none: {} })).toBe(
      `name: train
settings:
  docker:
    requirements:
      - "xgboost==2.1.4"
      - pandas
steps:
  - a: 1
    b: []
  - []
none: {}
`,
    );
  });

  it("quotes what could be read as something else", () => {
    expect(yamlText({ a: "yes", b: "12", c: "", d: "x: y", e: null, f: true, g: 1.5, h: "two\nlines", "": "-", i: "ends: " })).toBe(
      'a: "yes"\nb: "12"\nc: ""\nd: "x: y"\ne: null\nf: true\ng: 1.5\nh: "two\\nlines"\n"": "-"\ni: "ends: "\n',
    );
  });
});
