import { expect, it } from "vitest";
import { readListView } from "@/components/table/list-params";
import { runsCommand } from "./cli-lines";
import { RUN_LIST } from "./run-list";

it("says the same view for the command line, REST and Python, and names what it leaves out", () => {
  const view = readListView(RUN_LIST, { f: ["pipeline~is~it's", "code~is~abc"], sort: "-duration" });
  const call = runsCommand(view, 0, "UTC", { server: "https://reeve.example.com/fraud", project: "default" });
  expect(call.command).toBe(`zenml pipeline runs list --pipeline_name 'it'\\''s' --sort_by desc:duration --size 50`);
  expect(call.rest).toBe(
    `curl -H "Authorization: Bearer $REEVE_TOKEN" 'https://reeve.example.com/fraud/api/v1/runs?project=default&pipeline_name=it%27s&sort_by=desc%3Aduration&size=50'`,
  );
  expect(call.python).toContain(`    pipeline_name="it's",\n    sort_by="desc:duration",\n    size=50,\n)`);
  expect(call.left).toEqual(["Code digest"]);
});
