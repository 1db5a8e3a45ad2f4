import { describe, expect, it } from "vitest";
import { pageInput, readListView } from "@/components/table/list-params";
import { grantsList } from "./grant-list";
import { invitationList, requestList } from "./request-list";
import { reviewItemList, reviewList } from "./review-list";

// Every list of the access pages that shows roles is filtered by the organization's own roles as by the table's.

const OWN = [{ value: "run-minder", label: "Run minder" }];

describe.each([
  ["members", grantsList(false, OWN)],
  ["requests", requestList(OWN)],
  ["invitations", invitationList(OWN)],
  ["reviews", reviewList(OWN)],
  ["the rows of a review", reviewItemList(OWN)],
])("the list of %s", (_, list) => {
  it.each(["run-minder", "viewer"])("is filtered by %s", (role) => {
    const view = readListView(list, { f: `role~is~${role}` });
    expect(view.filters).toEqual([expect.objectContaining({ field: "role", op: "is", values: [role] })]);
    expect(JSON.stringify(pageInput(list, view, 50, Date.now(), "UTC"))).toContain(role);
  });

  it("knows no role that there is not", () => {
    expect(readListView(list, { f: "role~is~king" }).filters).toEqual([]);
  });
});
