"use client";

import { RadioChoices } from "@/components/ui/radio-choices";
import type { WorkspaceChoice } from "@/lib/integrations/schema";

/** Which workspaces may use it. */
export type Reach = { everywhere: boolean; workspaces: readonly string[] };

/** As the commands take it. */
export const reachFields = ({ everywhere, workspaces }: Reach) => ({ everywhere: String(everywhere), workspaces: JSON.stringify(workspaces) });

const CHOICES = [
  { value: "all", label: "All workspaces", help: "Also those that are made later." },
  { value: "named", label: "Named workspaces", help: "Those that you choose here." },
] as const;

type Props = { reach: Reach; workspaces: readonly WorkspaceChoice[]; onChange: (reach: Reach) => void; error?: string };

/** All workspaces, or some of them by name. */
export function WorkspaceChoices({ reach, workspaces, onChange, error }: Props) {
  const toggle = (id: string, isIn: boolean) =>
    onChange({ ...reach, workspaces: isIn ? [...reach.workspaces, id] : reach.workspaces.filter((one) => one !== id) });
  return (
    <RadioChoices
      legend="Who may use it"
      name="ui-reach"
      value={reach.everywhere ? "all" : "named"}
      choices={CHOICES}
      onChange={(value) => onChange({ ...reach, everywhere: value === "all" })}
    >
      {!reach.everywhere && (
        <fieldset id="workspaces" className="ml-6.5 flex max-h-64 flex-col gap-0.5 overflow-y-auto border-l border-rule pl-3">
          <legend className="sr-only">Workspaces</legend>
          {workspaces.map((one) => (
            <label key={one.id} className="flex min-h-7 items-center gap-2.5 max-md:min-h-11">
              <input
                type="checkbox"
                name="ui-workspace"
                className="size-4 shrink-0 accent-ink"
                checked={reach.workspaces.includes(one.id)}
                onChange={(event) => toggle(one.id, event.target.checked)}
              />
              <span className="min-w-0 truncate">
                <span className="text-ink">{one.slug}</span> {one.name !== one.slug && <span className="text-ink-3">{one.name}</span>}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {error && <p className="text-meta text-fail">{error}</p>}
    </RadioChoices>
  );
}
