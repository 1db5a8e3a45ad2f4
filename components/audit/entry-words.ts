import type { EntryRow } from "@/lib/audit/schema";

/** "Group rule fraud-interns updated": what an entry says, as a title. */
export function entryTitle({ action, targetName, outcome }: Pick<EntryRow, "action" | "targetName" | "outcome">): string {
  const [noun = "", verb = ""] = action.split(".");
  const words = noun.replaceAll(/[-_]/g, " ");
  const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}${targetName ? ` ${targetName}` : ""}${verb ? ` ${verb.replaceAll(/[-_]/g, " ")}` : ""}`;
  return outcome === "denied" ? `${title}: refused` : outcome === "failed" ? `${title}: failed` : title;
}

const REASONS: Record<string, string> = {
  no_grant: "No grant allows it",
  not_readable: "Not readable for the actor",
  denied_by_grant: "A deny grant refuses it",
  not_owner: "Allowed on own things only",
  outside_run: "The credential may act only for its own run",
  invalid_input: "The input was not valid",
  signed_out: "Signed out",
  viewing_as: "They were viewing as a role, and changed nothing",
};

/** A reason code in words; an unknown one stays readable. */
export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}
