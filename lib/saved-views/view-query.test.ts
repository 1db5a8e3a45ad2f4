import { expect, it } from "vitest";
import { listPlace } from "./schema";
import { MAX_QUERY, viewQuery } from "./view-query";

it.each([
  ["", ""],
  ["?f=status~is~failed&f=started~last~7d", "?f=status~is~failed&f=started~last~7d"],
  ["?cols=number,status&sort=-created&match=any", "?cols=number,status&sort=-created&match=any"],
  ["f=name~contains~a%20%26b", "?f=name~contains~a%20%26b"],
  ["?after=abc", undefined],
  ["?open=5", undefined],
  ["?f=a%00b", undefined],
  ["?f=a%0Ab", undefined],
  [`?f=${"x".repeat(MAX_QUERY)}`, undefined],
  [`?${"f=a&".repeat(30)}`, undefined],
])("%j", (text, query) => expect(viewQuery(text)).toBe(query));

it.each([
  ["/fraud/projects/my%20p/runs", { list: "runs", workspace: "fraud", project: "my p" }],
  ["/fraud/stacks", { list: "stacks", workspace: "fraud", project: null }],
  ["/fraud/settings/service-accounts", { list: "settings/service-accounts", workspace: "fraud", project: null }],
  ["/audit", { list: "audit", workspace: null, project: null }],
  ["/access/people", { list: "access/people", workspace: null, project: null }],
])("%s lies in its place", (path, place) => expect(listPlace(path, ["fraud"])).toEqual(place));
