import { expect, it } from "vitest";
import { csvLine } from "./csv";

it("quotes what needs quotes and disarms what a spreadsheet would run", () => {
  expect(csvLine(["a,b", 'say "x"', "two\nlines", null, 3, ["x", "y"]])).toBe('"a,b","say ""x""","two\nlines",,3,x; y\r\n');
  expect(csvLine(["=cmd|'/c calc'!A0", "+1", "-1", "@sum"])).toBe("'=cmd|'/c calc'!A0,'+1,'-1,'@sum\r\n");
});
