import { ActionAsk } from "@/components/access/ask-for-it";
import { roleTitle } from "@/components/access/grant-list";
import { PERMISSION_CHOICES, permissionWords } from "@/components/access/permission-choices";
import { SentenceForm } from "@/components/access/sentence-form";
import { Badge } from "@/components/ui/badge";
import { Icon } from "@/components/ui/icon";
import { PlainTable } from "@/components/ui/plain-table";
import { SelectField } from "@/components/ui/select-field";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { throughWords } from "@/lib/access/schema";
import { explainAccess, listSubjects } from "@/lib/access/why";
import { PERMISSIONS, type Permission } from "@/lib/authz/permissions";
import { isThingType } from "@/lib/authz/thing-rule";
import { isUuid } from "@/lib/kernel/id";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";
import { decidersOf } from "../refusal";
import { AccessFrame, accessPath, placesOf } from "./access-frame";
import { FailureState } from "@/components/ui/failure-state";

const isPermission = (text: unknown): text is Permission => PERMISSIONS.includes(text as Permission);

/** Why somebody can or can't do something here: verdict, grants considered, the smallest role that would. */
export async function WhyPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const { who: asked, what, on } = searchParams;
  const principalId = asked === "me" || asked === undefined ? context.actor.id : typeof asked === "string" && isUuid(asked) ? asked : null;
  const permission = isPermission(what) ? what : null;
  const projectId = typeof on === "string" && isUuid(on) ? on : null;
  const isOwn = searchParams.own === "yes";
  const noun = permission?.split(":")[0] ?? "";
  const thing = typeof searchParams.thing === "string" && isUuid(searchParams.thing) && isThingType(noun) ? { type: noun, id: searchParams.thing } : null;
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(listSubjects, context, {}),
      placesOf(args),
      principalId && permission ? ask(explainAccess, context, { principalId, permission, projectId, thing, isOwn }) : null,
    ]),
  );
  const [subjects, places, answer] = data ?? [];
  return (
    <AccessFrame args={args} tab="why" fills={false}>
      {failure ? (
        <FailureState failure={failure} />
      ) : (
        <>
          <SentenceForm path={`${accessPath(place)}/why`} submit="Why">
            {thing && <input type="hidden" name="thing" value={thing.id} />}
            <div className="w-56">
              <SelectField
                id="who"
                label="Can"
                defaultValue={principalId ?? ""}
                choices={(subjects ?? []).map(({ id, name }) => ({ value: id, label: id === context.actor.id ? `${name} (you)` : name }))}
              />
            </div>
            <div className="w-80 max-w-full">
              <SelectField id="what" label="do this" defaultValue={permission ?? "run:read"} choices={PERMISSION_CHOICES} />
            </div>
            {places && places.projects.length > 0 && (
              <div className="w-48">
                <SelectField
                  id="on"
                  label="on"
                  defaultValue={projectId ?? ""}
                  choices={[{ value: "", label: "the workspace" }, ...places.projects.map(({ id, name }) => ({ value: id, label: `project ${name}` }))]}
                />
              </div>
            )}
            <div className="w-44">
              <SelectField
                id="own"
                label="made by"
                defaultValue={isOwn ? "yes" : ""}
                choices={[
                  { value: "", label: "somebody else" },
                  { value: "yes", label: "themselves" },
                ]}
              />
            </div>
          </SentenceForm>
          {!answer ? (
            <EmptyState title="Choose who, and what.">
              <p>The answer names the grant that decides, or the smallest role that would allow it.</p>
            </EmptyState>
          ) : (
            <div className="pad-x max-w-[960px] py-5">
              <p className="flex items-center gap-2 text-section text-ink">
                <Icon name={answer.allowed ? "circle-check" : "shield-x"} size={18} className={answer.allowed ? "text-ok" : "text-fail"} />
                {answer.who.name} {answer.allowed ? "can" : "can’t"} {permission && permissionWords(permission)}
              </p>
              <p className="mt-1 pl-[26px]">{answer.sentence}</p>
              {!answer.allowed && answer.needed && answer.who.id === context.actor.id && (
                <div className="pl-[26px]">
                  <ActionAsk
                    needed={answer.needed}
                    permission={permission ?? ""}
                    workspace={place.workspace?.slug ?? null}
                    projectId={projectId}
                    thing={permission ? permissionWords(permission) : ""}
                    decides={decidersOf(answer.needed.scope)}
                  />
                </div>
              )}
              <h2 className="mt-6 mb-1.5 text-section">Grants that were considered</h2>
              {answer.considered.length === 0 ? (
                <p className="text-ink-3">None reaches this place.</p>
              ) : (
                <PlainTable
                  label="Grants considered"
                  columns={[
                    { label: "" },
                    { label: "Role" },
                    { label: "On" },
                    { label: "Gives it" },
                    { label: "Through" },
                    { label: "Since" },
                    { label: "Until" },
                  ]}
                  rows={answer.considered.map((grant) => ({
                    key: grant.id,
                    cells: [
                      grant.isDeciding ? (
                        <Badge key="mark" tone={answer.allowed ? "ok" : "fail"}>
                          decides
                        </Badge>
                      ) : (
                        ""
                      ),
                      `${grant.effect === "deny" ? "Denied: " : ""}${roleTitle(grant.role)}`,
                      grant.shared ? `the ${grant.shared.type} ${grant.shared.name}` : grant.scope,
                      grant.gives === "any" ? (
                        "on everything"
                      ) : grant.gives === "own" ? (
                        "on own things"
                      ) : (
                        <span key="gives" className="text-ink-3">
                          no
                        </span>
                      ),
                      throughWords(grant),
                      grant.role === "member" ? "–" : <Time key="since" at={grant.since} />,
                      grant.until ? <Time key="until" at={grant.until} /> : "no end",
                    ],
                  }))}
                />
              )}
            </div>
          )}
        </>
      )}
    </AccessFrame>
  );
}
