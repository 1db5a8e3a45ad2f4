import Link from "next/link";
import type { ReactNode } from "react";
import { projectPath, runPath } from "@/components/project/paths";
import { Banner } from "@/components/ui/banner";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { counted } from "@/components/ui/time-words";
import { type ConfigValue, kindTitle, type StackRun } from "@/lib/components/schema";
import type { ConfigField } from "@/lib/flavors/config-schema";
import type { StackPart } from "@/lib/stacks/schema";
import { LocalChip, SecretReference, SecretSet } from "./chips";

/** The components of a stack, one row each, in their order. `replace` stands at the end of a row. */
export function PartsList({ base, parts, replace }: { base: string; parts: StackPart[]; replace?: (part: StackPart) => ReactNode }) {
  return (
    <PlainTable
      label="Parts of the stack"
      columns={[
        { label: "Kind" },
        { label: "Component" },
        { label: "Flavor" },
        { label: "Where", className: "min-w-64" },
        ...(replace ? [{ label: "Change" }] : []),
      ]}
      rows={parts.map((part) => ({
        key: part.id,
        cells: [
          <span key="kind" className="text-ink-2">
            {kindTitle(part.type)}
          </span>,
          <Link key="name" className="link text-ink" href={`${base}/components/${part.id}`}>
            {part.name}
          </Link>,
          <span key="flavor">
            {part.flavorTitle} {part.isCustom && <span className="text-meta text-ink-3">custom</span>}
          </span>,
          part.local ? (
            <span key="where" className="inline-flex items-center gap-2">
              <LocalChip meaning={part.local} />
              <span className="text-meta text-ink-3">{part.local}</span>
            </span>
          ) : (
            <span key="where" className="text-ink-3">
              reached over the network
            </span>
          ),
          ...(replace ? [replace(part)] : []),
        ],
      }))}
    />
  );
}

/** What local parts mean for people on other machines. */
export function LocalNote({ locals }: { locals: { type: string; local: string | null }[] }) {
  const found = locals.filter((part) => part.local);
  if (found.length === 0) return null;
  return (
    <Banner tone="warn" icon="monitor">
      {found.length === 1 ? `The ${kindTitle(found[0]?.type ?? "").toLowerCase()} is local.` : `${found.length} parts are local.`} {found[0]?.local}
    </Banner>
  );
}

/** The configured values: secret references as chips, secrets never. */
export function ConfigValues({ values, unset }: { values: ConfigValue[]; unset: ConfigField[] }) {
  return (
    <>
      {values.length === 0 ? (
        <p className="text-ink-3">Nothing is configured: every field has its default.</p>
      ) : (
        <dl className="grid grid-cols-[minmax(120px,220px)_minmax(0,1fr)] gap-x-4 gap-y-1.5 max-md:grid-cols-1 max-md:gap-y-0.5">
          {values.map((value) => (
            <div key={value.name} className="contents">
              <dt className="leading-6 text-ink-3" title={value.name}>
                {value.label}
              </dt>
              <dd className="flex min-h-6 min-w-0 flex-wrap items-center gap-2 break-words text-ink max-md:mb-2">
                {value.kind === "reference" ? (
                  <SecretReference secret={value.secret} name={value.key} />
                ) : value.kind === "secret" ? (
                  <SecretSet />
                ) : value.kind === "json" ? (
                  <pre className="max-h-72 w-full overflow-auto rounded-1 bg-sunk p-2 font-mono text-mono">{value.text}</pre>
                ) : (
                  <code className="min-w-0 break-all">{value.text}</code>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {unset.length > 0 && (
        <details className="mt-4">
          <summary className="cursor-pointer text-ink-2">{counted(unset.length, "field is", "fields are")} not set</summary>
          <div className="mt-2">
            <SchemaFields fields={unset} />
          </div>
        </details>
      )}
    </>
  );
}

const KINDS: Record<ConfigField["kind"], string> = {
  text: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  choice: "choice",
  list: "list of text",
  map: "keys and values",
  json: "JSON",
};

/** A flavor's schema as a table of fields. */
export function SchemaFields({ fields }: { fields: ConfigField[] }) {
  if (fields.length === 0) return <p className="text-ink-3">This flavor has nothing to configure.</p>;
  return (
    <PlainTable
      label="Fields"
      columns={[{ label: "Field" }, { label: "Kind" }, { label: "Default" }, { label: "Notes" }]}
      rows={fields.map((field) => ({
        key: field.name,
        cells: [
          <code key="name" className="text-ink">
            {field.name}
          </code>,
          field.kind === "choice" ? field.options.join(", ") : KINDS[field.kind],
          field.defaultText === null ? (
            <span key="default" className="text-ink-3">
              –
            </span>
          ) : (
            <code key="default">{field.defaultText.length > 60 ? `${field.defaultText.slice(0, 60)}…` : field.defaultText}</code>
          ),
          [field.isRequired && "required", field.isSecret && "secret", field.isDeprecated && "deprecated", field.limits, field.help]
            .filter(Boolean)
            .join(" · "),
        ],
      }))}
    />
  );
}

/** The latest runs on a stack, or on the stacks that hold a component. */
export function RunsOf({ base, runs, showsStack = false, empty }: { base: string; runs: StackRun[]; showsStack?: boolean; empty: string }) {
  if (runs.length === 0) return <EmptyState title={empty} />;
  return (
    <>
      <PlainTable
        label="Runs"
        columns={[
          { label: "№", align: "right" },
          { label: "Status" },
          { label: "Run" },
          { label: "Project" },
          ...(showsStack ? [{ label: "Stack" }] : []),
          { label: "Started" },
        ]}
        rows={runs.map((run) => ({
          key: run.id,
          cells: [
            String(run.number),
            <Status key="status" state={run.status} />,
            <Link key="run" className="link text-ink" href={runPath(projectPath(base.slice(1), run.project), run.id)}>
              {run.name}
            </Link>,
            run.project,
            ...(showsStack ? [run.stack] : []),
            run.startedAt ? <Time key="at" at={run.startedAt} /> : "not started",
          ],
        }))}
      />
      {runs.length === 50 && <p className="mt-2 text-meta text-ink-3">The latest 50 that you may see.</p>}
    </>
  );
}

/** Who may do what to a thing, by role: the permission table's own words. */
export function RolesTable({ rows, owner, reachHref }: { rows: { role: string; can: string[] }[]; owner: string | null; reachHref: string | null }) {
  return (
    <>
      <p className="mb-2 max-w-[72ch]">
        {owner ? (
          <>
            It belongs to <b>{owner}</b>. Roles that act on their own things act on it for this owner only.
          </>
        ) : (
          "It came with the workspace and belongs to nobody: it can be used and copied, and nobody changes it."
        )}
      </p>
      <PlainTable
        label="Who may"
        columns={[{ label: "Role" }, { label: "May" }]}
        rows={rows.map((row) => ({ key: row.role, cells: [row.role, row.can.join(", ")] }))}
      />
      {reachHref && (
        <p className="mt-3">
          <Link className="link" href={reachHref}>
            Who can reach it, person by person
          </Link>
        </p>
      )}
    </>
  );
}

/** Environment variables: with their values for who may change them, others see the names. */
export function Variables({ names, entries, none }: { names: string[]; entries: [string, string][] | null; none: string }) {
  if (entries || names.length === 0) return <Pairs label="Environment variables" entries={entries ?? []} none={none} />;
  return (
    <>
      <ul aria-label="Environment variables" className="flex flex-wrap gap-x-4">
        {names.map((name) => (
          <li key={name} className="leading-6 break-all">
            <code>{name}</code>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-meta text-ink-3">Values are shown to those who may change them.</p>
    </>
  );
}

/** Labels and variables as key and value. */
export function Pairs({ label, entries, none }: { label: string; entries: [string, string][]; none: string }) {
  if (entries.length === 0) return <p className="text-ink-3">{none}</p>;
  return (
    <dl aria-label={label} className="grid grid-cols-[minmax(96px,220px)_minmax(0,1fr)] gap-x-4">
      {entries.map(([key, value]) => (
        <div key={key} className="contents">
          <dt className="leading-6 text-ink-3">{key}</dt>
          <dd className="min-w-0 leading-6 break-words text-ink">
            <code>{value}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
