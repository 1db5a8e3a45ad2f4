"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { counted } from "@/components/ui/time-words";
import { type Permission, type Reach, RESOURCES, type Rights, type RoleId } from "@/lib/authz/permissions";
import { holdable, rightChanges, rightsProblem } from "@/lib/authz/role-rule";
import { draftText } from "@/lib/roles/role-draft-schema";

const WORDS: Record<Reach, string> = { any: "yes", own: "own" };

type Props = { name: string; base: RoleId; held: Rights; draft: Rights };

/** The rights of a role, one choice each, as far as its base's scope can hold them. Nothing is saved here: the preview comes first. */
export function RoleEditor({ name, base, held, draft }: Props) {
  const router = useRouter();
  const [rights, setRights] = useState(draft);
  const may = holdable(base);
  const changes = rightChanges(held, rights).length;
  const problem = rightsProblem(base, rights);
  const choose = (permission: Permission, reach: string) => {
    const { [permission]: _, ...others } = rights;
    setRights(reach === "none" ? others : { ...others, [permission]: reach as Reach });
  };
  const nouns = Object.entries(RESOURCES).flatMap(([noun, { title, actions }]) => {
    const permissions = actions.map((verb) => `${noun}:${verb}` as Permission).filter((permission) => may.has(permission));
    return permissions.length > 0 ? [{ noun, title, permissions }] : [];
  });
  return (
    <div>
      <div className="flex flex-col">
        {nouns.map(({ noun, title, permissions }) => (
          <fieldset key={noun} className="grid gap-x-4 gap-y-1 border-b border-rule py-2 md:grid-cols-[200px_1fr]">
            <legend className="float-left text-ink md:w-[200px]">{title}</legend>
            <div className="flex flex-wrap gap-x-4 gap-y-2">
              {permissions.map((permission) => (
                <label key={permission} className="inline-flex min-h-8 items-center gap-1.5">
                  <span className="text-ink-3">{permission.split(":")[1]?.replaceAll("-", " ")}</span>
                  <select
                    aria-label={`${permission.replace(":", ", ").replaceAll("-", " ")}`}
                    value={rights[permission] ?? "none"}
                    onChange={(event) => choose(permission, event.target.value)}
                    className={`h-7 rounded-1 border px-1 text-ink max-md:h-10 ${rights[permission] === held[permission] ? "border-control bg-paper" : "border-warn bg-warn-soft"}`}
                  >
                    <option value="none">–</option>
                    {(["own", "any"] as const)
                      .filter((reach) => may.get(permission)?.has(reach))
                      .map((reach) => (
                        <option key={reach} value={reach}>
                          {WORDS[reach]}
                        </option>
                      ))}
                  </select>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
      </div>
      <div className="mt-4 flex flex-wrap items-center justify-end gap-3">
        <p role="status" className={problem ? "text-fail" : "text-ink-3"}>
          {problem ?? (changes === 0 ? "Nothing is changed yet." : `${counted(changes, "right differs", "rights differ")} from what holds.`)}
        </p>
        <Button onClick={() => router.push(`/settings/roles/${name}`)}>Cancel</Button>
        <Button
          look="primary"
          disabled={changes === 0 || problem !== undefined}
          onClick={() => router.push(`/settings/roles/${name}?edit=1&change=${encodeURIComponent(draftText(held, rights))}#preview`)}
        >
          Preview
        </Button>
      </div>
    </div>
  );
}
