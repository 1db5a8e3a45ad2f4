import { expect, it } from "vitest";
import { parsePackages } from "./recorded";

it("reads package lists in the forms that clients send", () => {
  const numpy = [{ name: "numpy", version: "2.1.3" }];
  expect(parsePackages(["numpy==2.1.3"])).toEqual(numpy);
  expect(parsePackages("numpy==2.1.3\n")).toEqual(numpy);
  expect(parsePackages(["-e git+https://example.org/x"])).toBeNull();
  expect(parsePackages(undefined)).toBeNull();
});
