"use client";

import { useState } from "react";
import { type Permission, PERMISSIONS, RESOURCES, type ResourceName } from "@/lib/authz/permissions";

const READS = PERMISSIONS.filter((permission) => permission.endsWith(":read"));

/** What a key may do at most: all that its account may, reading alone, or chosen permissions. Sends `scopes` as text. */
export function ScopeChoice({ error }: { error?: string }) {
  const [kind, setKind] = useState<"all" | "read" | "chosen">("all");
  const [chosen, setChosen] = useState<Permission[]>([]);
  const scopes = kind === "read" ? READS : chosen;
  const choose = (permission: Permission, isChosen: boolean) => setChosen(isChosen ? [...chosen, permission] : chosen.filter((other) => other !== permission));
  return (
    <fieldset className="flex flex-col gap-1.5" aria-describedby="scopes-note">
      <legend className="mb-1 text-body font-medium text-ink">What it may do</legend>
      {(
        [
          ["all", "Everything that the account may"],
          ["read", "Read only"],
          ["chosen", "Chosen permissions"],
        ] as const
      ).map(([value, label]) => (
        <label key={value} className="flex min-h-7 items-center gap-2.5 text-ink">
          <input type="radio" name="ui-scope-kind" className="size-4 accent-ink" checked={kind === value} onChange={() => setKind(value)} />
          {label}
        </label>
      ))}
      {kind !== "all" && <input type="hidden" name="scopes" value={scopes.join(",")} />}
      {kind === "chosen" && (
        <div className="mt-1 max-h-64 overflow-y-auto rounded-1 border border-rule">
          {(Object.entries(RESOURCES) as [ResourceName, (typeof RESOURCES)[ResourceName]][])
            .filter(([, resource]) => resource.scope === "workspace" || resource.scope === "project")
            .map(([noun, resource]) => (
              <div key={noun} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule px-2.5 py-1.5 last:border-0">
                <span className="w-40 shrink-0 text-ink-2">{resource.title}</span>
                {resource.actions.map((verb) => {
                  const permission = `${noun}:${verb}` as Permission;
                  return (
                    <label key={verb} className="flex min-h-6 items-center gap-1.5">
                      <input
                        type="checkbox"
                        className="size-4 accent-ink"
                        aria-label={`${resource.title}: ${verb}`}
                        checked={chosen.includes(permission)}
                        onChange={(event) => choose(permission, event.target.checked)}
                      />
                      {verb}
                    </label>
                  );
                })}
              </div>
            ))}
        </div>
      )}
      <p id="scopes-note" className={error ? "text-meta text-fail" : "text-meta text-ink-3"}>
        {error ?? "Never more than the roles of the account allow at the time of use, and never more than you may do yourself."}
      </p>
    </fieldset>
  );
}
