"use client";

import { useState } from "react";
import { SelectField } from "@/components/ui/select-field";
import { ROLES } from "@/lib/authz/permissions";
import { type OwnRole, rolesAt } from "./grant-list";

export type Places = { workspace: string | null; projects: { id: string; name: string }[]; workspaces: string[]; roles?: OwnRole[] };

/** Where a role holds and which: the choices fit each other, and the chosen role says what it opens. */
export function RoleFields({
  places,
  kind = "user",
  errorOf,
  role: firstRole = "viewer",
}: {
  places: Places;
  kind?: "user" | "service_account";
  errorOf: (field: string) => string | undefined;
  role?: string;
}) {
  const [place, setPlace] = useState(places.workspace ? "workspace" : "organization");
  const [role, setRole] = useState(firstRole);
  const scope = place.startsWith("project:") ? "project" : place === "organization" ? "organization" : "workspace";
  const roles = rolesAt(scope, kind, places.roles);
  const chosen = roles.some((one) => one.value === role) ? role : (roles[0]?.value ?? "");
  const choices = places.workspace
    ? [
        { value: "workspace", label: `The workspace ${places.workspace}` },
        ...places.projects.map((project) => ({ value: `project:${project.id}`, label: `Only the project ${project.name}` })),
      ]
    : [
        ...(kind === "user" ? [{ value: "organization", label: "The whole organization" }] : []),
        ...places.workspaces.map((slug) => ({ value: `ws:${slug}`, label: `The workspace ${slug}` })),
      ];
  const workspace = places.workspace ?? (place.startsWith("ws:") ? place.slice(3) : null);
  return (
    <>
      <SelectField
        id="scope-choice"
        name=""
        label="Where"
        value={place}
        onChange={(event) => setPlace(event.target.value)}
        choices={choices}
        error={errorOf("scope")}
      />
      <SelectField
        id="role"
        label="Role"
        value={chosen}
        onChange={(event) => setRole(event.target.value)}
        choices={roles}
        help={ROLES[chosen as keyof typeof ROLES]?.summary ?? places.roles?.find((one) => one.value === chosen)?.summary}
        error={errorOf("role")}
      />
      <input type="hidden" name="scope" value={scope} />
      {workspace && <input type="hidden" name="workspace" value={workspace} />}
      {scope === "project" && <input type="hidden" name="projectId" value={place.slice("project:".length)} />}
    </>
  );
}
