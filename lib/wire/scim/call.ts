import type { CallContext } from "@/lib/kernel/command";
import { MAX_PAGE } from "./discovery";
import type { JsonObject } from "./json";
import { invalid } from "./problem";

// What a request and an answer are to the endpoint's resources, and the parts of a list that all of them share.

export type ScimCall = {
  method: string;
  /** Below the collection: the resource's id, if one is named. */
  id: string | undefined;
  query: URLSearchParams;
  headers: Pick<Headers, "get">;
  /** Of POST, PUT and PATCH. */
  body: JsonObject;
  context: CallContext;
  directoryId: string;
  /** The endpoint's address, before /Users. */
  base: string;
};
export type ScimAnswer = { status: number; body?: JsonObject; headers?: Record<string, string> };

/** A ListResponse (§3.4.2). */
export const listBody = (resources: JsonObject[], total: number, startIndex: number): JsonObject => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});

/** The page that is asked for, 1-based; sizes out of range are brought into it (§3.4.2.4). Error: 400 for what is no number. */
export function pageOf(query: URLSearchParams): { startIndex: number; offset: number; limit: number } {
  const whole = (name: string, otherwise: number) => {
    const text = query.get(name);
    if (text === null || text === "") return otherwise;
    if (!/^-?\d{1,9}$/.test(text)) throw invalid("invalidValue", `${name} is a whole number.`);
    return Number(text);
  };
  const startIndex = Math.max(1, whole("startIndex", 1));
  return { startIndex, offset: startIndex - 1, limit: Math.min(MAX_PAGE, Math.max(0, whole("count", 100))) };
}

/** Leaves out what `excludedAttributes` names, or keeps what `attributes` names; id and schemas always stay (§3.9). */
export function projected(resource: JsonObject, query: URLSearchParams): JsonObject {
  const names = (parameter: string) =>
    new Set(
      (query.get(parameter) ?? "")
        .toLowerCase()
        .split(",")
        .flatMap((name) => name.trim().split(".")[0] || []),
    );
  const [wanted, excluded] = [names("attributes"), names("excludedAttributes")];
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => {
      const name = key.toLowerCase();
      if (name === "id" || name === "schemas") return true;
      return wanted.size > 0 ? wanted.has(name) : !excluded.has(name);
    }),
  );
}
