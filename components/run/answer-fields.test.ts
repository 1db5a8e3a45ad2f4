import { describe, expect, it } from "vitest";
import { type AnswerField, answerFields, answerText } from "./answer-fields";

const fill = (fields: AnswerField[] | null, values: Record<string, string>) => fields && answerText(fields, (key) => values[key] ?? "");

describe("the form of a question", () => {
  it.each([
    ["a number", { type: "integer", minimum: 1 }, { "": "3" }, "3"],
    ["a number with its own spelling", { type: "number" }, { "": "2.0" }, "2.0"],
    ["a truth", { type: "boolean" }, { "": "true" }, "true"],
    ["a text", { type: "string" }, { "": '"go"' }, '"\\"go\\""'],
    ["a choice", { enum: ["go", "stop", 3] }, { "": '"stop"' }, '"stop"'],
    ["what is no number, for the schema to refuse", { type: "number" }, { "": "many" }, '"many"'],
    ["nothing where something is needed, for the schema to refuse", { type: "integer" }, {}, "null"],
  ])("asks for %s", (_name, schema, values, text) => {
    const fields = answerFields(JSON.stringify(schema));
    expect(fields).toHaveLength(1);
    expect(fill(fields, values as Record<string, string>)).toBe(text);
  });

  it("asks for the fields of a model, with titles, help, defaults and what may be left out", () => {
    const schema = {
      $defs: { Verdict: { enum: ["ship", "hold"], type: "string", description: "What happens now." } },
      type: "object",
      properties: {
        verdict: { $ref: "#/$defs/Verdict" },
        threshold: { type: "number", title: "Threshold", default: 0.9 },
        note: { anyOf: [{ type: "string" }, { type: "null" }], default: null, description: "For the record." },
      },
      required: ["verdict"],
    };
    const fields = answerFields(JSON.stringify(schema));
    expect(fields).toMatchObject([
      { key: "verdict", kind: "choice", help: "What happens now.", isRequired: true, options: [{ value: '"ship"', label: "ship" }, { value: '"hold"' }] },
      { key: "threshold", label: "Threshold", kind: "number", initial: "0.9", isRequired: false },
      { key: "note", kind: "text", help: "For the record.", isRequired: false },
    ]);
    expect(fill(fields, { verdict: '"ship"', threshold: "0.8" })).toBe('{"verdict": "ship", "threshold": 0.8}');
  });

  it("has no fields where no answer is taken", () => {
    expect(answerFields(null)).toEqual([]);
    expect(answerText([], () => "")).toBeNull();
  });

  it.each([
    ["lists", { type: "array", items: { type: "string" } }],
    ["nested objects", { type: "object", properties: { a: { type: "object", properties: { b: { type: "string" } } } } }],
    ["unions", { anyOf: [{ type: "string" }, { type: "number" }] }],
    ["references that go round", { $defs: { a: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }],
    ["references elsewhere", { $ref: "https://example.com/x" }],
    ["no schema at all", "nonsense"],
  ])("leaves %s to JSON", (_name, schema) => expect(answerFields(JSON.stringify(schema))).toBeNull());
});
