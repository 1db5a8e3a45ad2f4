import type { ReactNode } from "react";
import { PlainTable } from "@/components/ui/plain-table";
import { countWords } from "@/components/ui/time-words";
import type { RuleChange } from "@/lib/group-rules/schema";

/** Whom a rule's begin or end changes, person by person, before it happens. */
export function RulePreview({
  title,
  verb,
  people,
  total,
  children,
}: {
  title: string;
  verb: "gains" | "loses";
  people: RuleChange[];
  total: number;
  children: ReactNode;
}) {
  const changed = people.filter((one) => !one.keeps).length;
  const sign = verb === "gains" ? "+" : "−";
  const unshown = total - people.length;
  return (
    <section aria-label={title} className="mt-4 border border-rule-strong p-4">
      <h3 className="text-ink">{title}</h3>
      <p className="mt-1 text-ink-2">
        {total === 0
          ? `Nobody ${verb} it now${verb === "gains" ? "; whoever joins the group does" : ""}.`
          : `${countWords(changed + unshown)} of ${countWords(total)} ${verb === "gains" ? "gain" : "lose"} it on their next request${changed < people.length ? "; the others hold it by another path" : ""}.`}
      </p>
      {people.length > 0 && (
        <div className="mt-2 max-h-80 overflow-auto">
          <PlainTable
            label={title}
            columns={[{ label: "", className: "w-6 font-mono" }, { label: "Who" }, { label: "E-mail address" }, { label: "" }]}
            rows={people.map((one) => ({
              key: one.principalId,
              cells: [
                one.keeps ? "=" : sign,
                one.who,
                one.email ?? "–",
                one.keeps ? (
                  <span key="why" className="text-ink-3">
                    by another path
                  </span>
                ) : (
                  verb
                ),
              ],
            }))}
          />
        </div>
      )}
      {unshown > 0 && <p className="mt-2 text-ink-3">And {countWords(unshown)} more.</p>}
      <div className="mt-4 flex flex-wrap justify-end gap-2">{children}</div>
    </section>
  );
}
