import { describe, expect, it } from "vitest";
import {
  joinFilters,
  type ListDefinition,
  listConditions,
  metadataColumns,
  metadataField,
  readListView,
  toggleOr,
  viewSearch,
  withFilter,
  withoutFilter,
} from "./list-params";

const LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text", canBeMissing: true },
    {
      key: "status",
      label: "Status",
      kind: "enum",
      options: [
        { value: "failed", label: "Failed" },
        { value: "running", label: "Running" },
      ],
    },
    { key: "size", label: "Size", kind: "number" },
    { key: "at", label: "At", kind: "time" },
    { key: "ends", label: "Ends", kind: "time", isAhead: true },
  ],
  sortable: ["name", "at"],
  defaultSort: { field: "at", direction: "desc" },
  columns: ["name", "status", "size"],
};
const NOW = Date.parse("2026-11-22T12:00:00Z");

const roundTrip = (search: string) => {
  const parameters = new URLSearchParams(search);
  const values = Object.fromEntries([...new Set(parameters.keys())].map((key) => [key, parameters.getAll(key)]));
  return viewSearch(LIST, readListView(LIST, values));
};

describe("a list's URL", () => {
  it.each([
    "",
    "?f=status~is~failed",
    "?f=status~is~failed,running&f=name~contains~fraud_",
    "?f=name~missing&f=size~between~1,20&match=any&sort=-name&cols=size,name",
    "?f=at~last~7d&sort=name&after=abc.def&count=all&open=12",
  ])("says what the view is, and nothing else: %s", (search) => expect(roundTrip(search)).toBe(search));

  it("keeps commas and tildes inside a value", () => {
    const view = readListView(LIST, { f: "name~is~a\\,b,c~d" });
    expect(view.filters).toEqual([{ field: "name", op: "is", values: ["a,b", "c~d"] }]);
    expect(roundTrip(viewSearch(LIST, view))).toBe(viewSearch(LIST, view));
  });

  it("has keys of metadata as columns where the list shows them, whatever signs they are made of", () => {
    const list = { ...LIST, metadata: "pipeline_run", showsMetadata: true } as const;
    const keys = ["auc", "a,b", "c~d", "100%", "e%2Cf"];
    const columns = ["name", ...keys.map((key) => metadataField(key).key)];
    const search = viewSearch(list, { ...readListView(list, {}), columns });
    const view = readListView(list, { cols: new URLSearchParams(search).get("cols") ?? "" });
    expect(view).toMatchObject({ columns, dropped: [] });
    expect(metadataColumns(view).map(({ key }) => key)).toEqual(keys);
    expect(readListView({ ...list, showsMetadata: false }, { cols: "name,meta.auc" })).toMatchObject({ columns: ["name"], dropped: ["the column meta.auc"] });
    const many = Array.from({ length: 40 }, (_, at) => `meta.k${at}`).join(",");
    expect(readListView(list, { cols: many }).columns).toHaveLength(10);
  });

  it.each([
    ["f", "nope~is~1"],
    ["f", "status~is~exploded"],
    ["f", "status~contains~fail"],
    ["f", "size~gt~many"],
    ["f", "size~between~1"],
    ["f", "size~missing"],
    ["f", "at~last~7y"],
    ["f", "at~after~2026-13-45"],
    ["sort", "status"],
    ["cols", "password"],
  ])("drops and names what it does not know: %s=%s", (key, value) => {
    const view = readListView(LIST, { [key]: value });
    expect(view).toMatchObject({ filters: [], sort: LIST.defaultSort, columns: null });
    expect(view.dropped).toHaveLength(1);
  });

  it("survives arrays, giants and nonsense", () => {
    expect(readListView(LIST, { f: ["x".repeat(5000), "~~~", ""], sort: ["-name", "at"], cols: ",,", after: "" }).filters).toEqual([]);
    expect(readListView(LIST, { f: Array.from({ length: 40 }, () => "size~gt~1") }).filters).toHaveLength(12);
  });
});

describe("conditions", () => {
  const conditions = (f: string, zone = "UTC") => listConditions(LIST, readListView(LIST, { f }).filters, NOW, zone);

  it("turns operators into the query's", () => {
    expect(conditions("status~not~failed")).toEqual([{ field: "status", op: "notoneof", value: ["failed"] }]);
    expect(conditions("name~starts~a%")).toEqual([{ field: "name", op: "startswith", value: "a%" }]);
    expect(conditions("name~missing")).toEqual([{ field: "name", op: "isnull", value: "" }]);
    expect(conditions("size~between~1,20")).toEqual([{ field: "size", op: "between", value: ["1", "20"] }]);
    expect(conditions("at~last~7d")).toEqual([{ field: "at", op: "gte", value: "2026-11-15T12:00:00.000Z" }]);
    expect(conditions("ends~within~14d")).toEqual([{ field: "ends", op: "lt", value: "2026-12-06T12:00:00.000Z" }]);
    expect(conditions("at~within~14d"), "of what lies behind it is not asked").toEqual([]);
  });

  it("reads days on the person's clock", () => {
    expect(conditions("at~after~2026-11-20", "Europe/Amsterdam")[0]?.value).toBe("2026-11-19T23:00:00.000Z");
  });
});

describe("filters by metadata", () => {
  const WITH_METADATA: ListDefinition = { ...LIST, metadata: "pipeline_run" };
  const read = (f: string, list = WITH_METADATA) => readListView(list, { f });

  it("takes any key, with the operators of its values", () => {
    expect(read("meta.auc~gt~0.9").filters).toEqual([{ field: "meta.auc", op: "gt", values: ["0.9"] }]);
    expect(read("meta.auc~gt~high").filters).toEqual([]);
    expect(read("meta.branch~contains~main").filters).toHaveLength(1);
    expect(read("meta.branch~last~7d").filters).toEqual([]);
    expect(read("meta.~missing").filters).toEqual([]);
    expect(read("meta.auc~gt~0.9", LIST).dropped).toHaveLength(1);
  });

  it("gives a key back whatever is in it", () => {
    const key = "100%~a.b,c";
    const view = { ...read("meta.x~missing"), filters: [{ field: metadataField(key).key, op: "eq" as const, values: ["1"] }] };
    const again = readListView(WITH_METADATA, { f: new URLSearchParams(viewSearch(WITH_METADATA, view)).getAll("f") });
    expect(again.filters).toEqual(view.filters);
    expect(listConditions(WITH_METADATA, again.filters, 0, "UTC")).toEqual([{ field: `meta.${key}`, op: "equals", value: "1" }]);
  });
});

describe("filters joined by or", () => {
  const view = (search: string) => readListView(LIST, { f: new URLSearchParams(search).getAll("f") });
  const A = "f=status~is~failed";
  const B = "f=or~status~is~running";
  const C = "f=size~gt~3";

  it("keep their groups in the address and in what is asked for", () => {
    expect(roundTrip(`?${A}&${B}&${C}`)).toBe(`?${A}&${B}&${C}`);
    expect(listConditions(LIST, view(`${A}&${B}&${C}`).filters, NOW, "UTC").map(({ or }) => or ?? false)).toEqual([false, true, false]);
  });

  it("are the same as any of them when all are joined", () => {
    expect(roundTrip(`?${A}&${B}`)).toBe("?f=status~is~failed&f=status~is~running&match=any");
  });

  it("never join another group when the beginning of theirs is dropped or removed", () => {
    expect(roundTrip(`?${C}&f=nonsense~is~x&${B}`)).toBe(`?${C}&f=status~is~running`);
    expect(viewSearch(LIST, withoutFilter(view(`${C}&${A}&${B}`), 1))).toBe(`?${C}&f=status~is~running`);
  });

  it("are joined and parted by the word between, and by dropping one on another", () => {
    const apart = view(`${A}&f=status~is~running&${C}`);
    const joined = toggleOr(apart, 1);
    expect(viewSearch(LIST, joined)).toBe(`?${A}&${B}&${C}`);
    expect(viewSearch(LIST, toggleOr(joined, 1))).toBe(viewSearch(LIST, apart));
    expect(viewSearch(LIST, joinFilters(apart, 2, 0))).toBe(`?${A}&f=or~size~gt~3&f=status~is~running`);
    expect(viewSearch(LIST, toggleOr(view(`${A}&${B}`), 1))).toBe(`?${A}&f=status~is~running`);
  });

  it("are added once", () => {
    const one = view(A);
    expect(withFilter(one, { field: "status", op: "is", values: ["failed"] })).toBe(one);
    expect(withFilter(one, { field: "size", op: "eq", values: ["3"] }).filters).toHaveLength(2);
  });
});
