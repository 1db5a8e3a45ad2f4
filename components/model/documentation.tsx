import type { ReactNode } from "react";
import { NotRecorded } from "@/components/ui/evidence";
import { DOCUMENTATION, type ModelPage } from "@/lib/models/schema";

/** What people wrote about a model, part by part; what nobody wrote says so. */
export function Documentation({ documentation, edit }: { documentation: ModelPage["documentation"]; edit: ReactNode }) {
  return (
    <div className="max-w-[720px]">
      <div className="mb-3 flex justify-end">{edit}</div>
      {DOCUMENTATION.map(({ key, label }) => (
        <section key={key} className="border-t border-rule py-3 first-of-type:border-0 first-of-type:pt-0">
          <h2 className="text-section">{label}</h2>
          {documentation[key] ? (
            <p className="mt-1 max-w-[72ch] break-words whitespace-pre-line">{documentation[key]}</p>
          ) : (
            <p className="mt-1">
              <NotRecorded isPlain />
            </p>
          )}
        </section>
      ))}
    </div>
  );
}
