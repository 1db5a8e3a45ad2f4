import { Button } from "@/components/ui/button";
import { SelectField } from "@/components/ui/select-field";
import type { RuleChoices } from "@/lib/group-rules/schema";
import { giftChoices, giftOf, placeOf, type RuleDraft } from "./rule-query";

/** What a new rule would say. It is sent as an address, so that its preview works without scripts and can be shared. */
export function RuleForm({ path, choices, draft }: { path: string; choices: RuleChoices; draft: RuleDraft | undefined }) {
  const places = [
    { value: "organization", label: "The whole organization" },
    ...choices.places.flatMap(({ workspaceId, workspace, projects }) => [
      { value: workspaceId, label: workspace },
      ...projects.map((project) => ({ value: `${workspaceId}/${project.id}`, label: `${workspace} / ${project.name}` })),
    ]),
  ];
  return (
    <form action={path} className="grid items-end gap-3 md:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <SelectField
        id="group"
        label="Members of"
        defaultValue={draft?.groupId}
        choices={choices.groups.map((group) => ({ value: group.id, label: `${group.name} (${group.members})` }))}
      />
      <SelectField id="role" label="are" defaultValue={draft ? giftOf(draft) : "viewer"} choices={giftChoices(choices)} />
      <SelectField id="place" label="in" defaultValue={draft ? placeOf(draft) : places[1]?.value} choices={places} />
      <Button type="submit" className="md:h-9">
        Preview
      </Button>
    </form>
  );
}
