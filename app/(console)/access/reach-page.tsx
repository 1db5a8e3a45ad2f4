import Link from "next/link";
import { EndPath } from "@/components/access/end-path";
import { roleTitle } from "@/components/access/grant-list";
import { scopeWords } from "@/components/access/grant-words";
import { PERMISSION_CHOICES, permissionWords } from "@/components/access/permission-choices";
import { OpenReview } from "@/components/access/review-acts";
import { SentenceForm } from "@/components/access/sentence-form";
import { requestPreferences } from "@/components/shell/request-preferences";
import { Badge } from "@/components/ui/badge";
import { Field, Input } from "@/components/ui/field";
import { PlainTable } from "@/components/ui/plain-table";
import { SelectField } from "@/components/ui/select-field";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import { listReach } from "@/lib/access/reach";
import { isGivenDirectly, type ReachPath, throughWords } from "@/lib/access/schema";
import { can } from "@/lib/authz/can";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";
import { AccessFrame, accessPath, placesOf, withQuery } from "./access-frame";
import { momentOf, reachAsked } from "./asked";
import { FailureState } from "@/components/ui/failure-state";

const textOf = (value: string | string[] | undefined) => (typeof value === "string" ? value : null);

/** Every path by which somebody reaches the place, now or at a moment, or what changed between two. */
export async function ReachPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const { workspace } = place;
  const { zone } = await requestPreferences();
  const asked = reachAsked(searchParams, zone, workspace !== null);
  const { permission, projectId, thingId, at } = asked;
  const since = momentOf(searchParams.since, zone);
  const { data, failure } = await attempt(context, () =>
    Promise.all([ask(listReach, context, asked), since ? ask(listReach, context, { ...asked, at: since }) : null, placesOf(args)]),
  );
  const [reach, before, places] = data ?? [];
  const was = new Set(before?.paths.map((path) => path.grantId));
  const is = new Set(reach?.paths.map((path) => path.grantId));
  const gone = before?.paths.filter((path) => !is.has(path.grantId)) ?? [];
  const people = new Set(reach?.paths.map((path) => path.principalId)).size;
  const mayEnd = at === null && can(context.actor, "grant:delete", { workspaceId: workspace?.id }).allowed;
  const mayReview = can(context.actor, "access-review:create", { workspaceId: workspace?.id }).allowed;
  const rowOf = (path: ReachPath, mark: string) => ({
    key: `${mark} ${path.grantId}`,
    cells: [
      ...(before
        ? [
            mark === "=" ? (
              "="
            ) : (
              <Badge key="mark" tone={mark === "+" ? "ok" : "fail"}>
                {mark === "+" ? "+ since" : "− ended"}
              </Badge>
            ),
          ]
        : []),
      <span key="who" className="inline-flex items-center gap-1.5">
        <Avatar name={path.who} kind={path.kind} size={18} />
        <Link href={`${accessPath(place)}/people/${path.principalId}`} className="font-medium whitespace-nowrap text-ink hover:underline">
          {path.who}
        </Link>
      </span>,
      <span key="path">
        {throughWords(path)}
        {path.grantedBy ? ` (${path.grantedBy})` : ""} <span className="text-ink-3">→</span> <span className="text-ink">{roleTitle(path.role)}</span>{" "}
        <span className="text-ink-3">→</span> {scopeWords(path)}
        {path.isOwnOnly && <span className="text-ink-3">, own things only</span>}
      </span>,
      <Time key="since" at={path.since} />,
      path.until ? <Time key="until" at={path.until} /> : "no end",
      ...(mayEnd
        ? [
            mark !== "−" && isGivenDirectly(path.source) && (workspace ? path.scope !== "organization" : true) ? (
              <EndPath key="end" grantId={path.grantId} who={path.who} workspace={path.workspace} />
            ) : (
              ""
            ),
          ]
        : []),
    ],
  });
  return (
    <AccessFrame
      args={args}
      tab="reach"
      fills={false}
      actions={places && mayReview && <OpenReview places={places} label="Review who has access…" />}
      exportSearch={withQuery("", { what: permission, on: projectId, thing: thingId, at: textOf(searchParams.at) })}
    >
      <SentenceForm path={`${accessPath(place)}/reach`} submit="List the paths">
        {reach?.thing && <input type="hidden" name="thing" value={reach.thing.id} />}
        <div className="w-80 max-w-full">
          <SelectField id="what" label="Who can" defaultValue={permission} choices={PERMISSION_CHOICES} />
        </div>
        {places && places.projects.length > 0 && (
          <div className="w-48">
            <SelectField
              id="on"
              label="of"
              defaultValue={projectId ?? ""}
              choices={[
                { value: "", label: `the workspace ${workspace?.slug ?? ""}` },
                ...places.projects.map(({ id, name }) => ({ value: id, label: `project ${name}` })),
              ]}
            />
          </div>
        )}
        <Field id="at" label="at" optional>
          <Input id="at" name="at" type="datetime-local" defaultValue={typeof searchParams.at === "string" ? searchParams.at : ""} />
        </Field>
        <Field id="since" label="against" optional>
          <Input id="since" name="since" type="datetime-local" defaultValue={typeof searchParams.since === "string" ? searchParams.since : ""} />
        </Field>
      </SentenceForm>
      {failure ? (
        <FailureState failure={failure} />
      ) : (
        reach && (
          <div className="pad-x py-4">
            <p className="mb-3 text-ink">
              <b>{counted(people, "account")}</b> by {counted(reach.paths.length, "path")} {at ? "could then" : "can"} {permissionWords(permission)}
              {reach.thing ? (
                <>
                  {" "}
                  on the {reach.thing.type} <b>{reach.thing.name}</b>
                </>
              ) : (
                ""
              )}
              . {reach.hidden > 0 && <span>{countWords(reach.hidden)} more that you may not see. </span>}
              {reach.isCut && <span>Only the first {countWords(reach.paths.length)} are listed. </span>}
              <span className="text-meta text-ink-3">{reach.tookMs} ms</span>
            </p>
            {reach.paths.length + gone.length === 0 ? (
              <EmptyState title="Nobody, by no path." />
            ) : (
              <PlainTable
                label="Paths"
                columns={[
                  ...(before ? [{ label: "Change" }] : []),
                  { label: "Who" },
                  { label: "Path" },
                  { label: "Since" },
                  { label: "Until" },
                  ...(mayEnd ? [{ label: "Actions", align: "right" as const }] : []),
                ]}
                rows={[...reach.paths.map((path) => rowOf(path, !before || was.has(path.grantId) ? "=" : "+")), ...gone.map((path) => rowOf(path, "−"))]}
              />
            )}
          </div>
        )
      )}
    </AccessFrame>
  );
}
