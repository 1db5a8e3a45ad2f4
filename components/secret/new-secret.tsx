"use client";

import { useState } from "react";
import { makeSecret } from "@/app/(console)/[workspace]/secrets/actions";
import { RadioChoices } from "@/components/ui/radio-choices";
import { SelectField } from "@/components/ui/select-field";
import type { KindForm } from "@/lib/secrets/kind-schema";
import { SecretForm } from "./secret-form";

type Props = {
  workspace: string;
  kinds: KindForm[];
  /** Where they may make one: in the workspace as a whole, and of which projects. */
  places: { workspace: boolean; projects: string[] };
  /** The project that is asked for. */
  project: string | null;
  isPrivateAtFirst: boolean;
};

const SIGHTS = [
  { value: "true", label: "Private", help: "Nobody but you knows that it exists, administrators neither." },
  {
    value: "project",
    label: "Of a project",
    help: "Who sees the project sees its name, its keys and its uses. Runs of that project alone can get its values.",
  },
  { value: "false", label: "Shared", help: "Everybody in the workspace sees its name, its keys and its uses, never a value." },
] as const;

/** Makes a secret of a workspace. */
export function NewSecret({ workspace, kinds, places, project: asked, isPrivateAtFirst }: Props) {
  const [sight, setSight] = useState(asked || !places.workspace ? "project" : String(isPrivateAtFirst));
  const [project, setProject] = useState(asked ?? places.projects[0] ?? "");
  const sights = SIGHTS.filter(({ value }) => (value === "project" ? places.projects.length > 0 : places.workspace));
  const where = { workspace, ...(sight === "project" ? { project } : {}) };
  return (
    <SecretForm action={makeSecret} hidden={{ ...where, isPrivate: String(sight === "true") }} kinds={kinds} path={`/${workspace}/secrets`} triesIn={where}>
      {(errorOf) => (
        <RadioChoices legend="Who sees it" name="ui-scope" value={sight} choices={sights} onChange={setSight}>
          {sight === "project" && (
            <SelectField
              id="project"
              name="ui-project"
              label="Project"
              value={project}
              onChange={(event) => setProject(event.target.value)}
              choices={places.projects.map((one) => ({ value: one, label: one }))}
              error={errorOf("project")}
            />
          )}
        </RadioChoices>
      )}
    </SecretForm>
  );
}
