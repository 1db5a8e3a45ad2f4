import Link from "next/link";
import { PER_PAGE, requestList } from "@/components/access/request-list";
import { RequestsTable } from "@/components/access/requests-table";
import { requestPreferences } from "@/components/shell/request-preferences";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { cx } from "@/components/ui/class-names";
import { EmptyState } from "@/components/ui/states";
import { listRequests } from "@/lib/access/list-requests";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";
import { AccessFrame, accessPath, withQuery } from "./access-frame";
import { ownRoles } from "./own-roles";
import { whichOf } from "./asked";
import { FailureState } from "@/components/ui/failure-state";

const VIEWS = [
  { id: "deciding", label: "For me", empty: "Nothing waits for you." },
  { id: "mine", label: "Asked by me", empty: "You have asked for nothing here." },
  { id: "all", label: "All", empty: "Nobody has asked for access here." },
] as const;

/** Requests for access: what waits for this person, what they asked for, and what became of the rest. */
export async function RequestsPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const base = `${accessPath(place)}/requests`;
  const own = await ownRoles(context);
  const definition = requestList(own);
  const view = readListView(definition, searchParams);
  const { zone } = await requestPreferences();
  const asked = VIEWS.find(({ id }) => id === whichOf(searchParams.which));
  const read = (which: (typeof VIEWS)[number]["id"]) =>
    ask(listRequests, context, {
      which,
      ...pageInput(definition, view, PER_PAGE, Date.now(), zone),
    });
  const { data, failure } = await attempt(context, async () => {
    const first = await read(asked?.id ?? "deciding");
    // Who has nothing to decide came for their own.
    if (asked || first.rows.length > 0 || view.filters.length > 0) return { shown: asked ?? VIEWS[0], list: first };
    return { shown: VIEWS[1], list: await read("mine") };
  });
  const shown = data?.shown ?? VIEWS[0];
  return (
    <AccessFrame args={args} tab="requests" exportSearch={withQuery(viewSearch(definition, { ...view, after: undefined }), { which: shown.id })}>
      {failure ? (
        <FailureState failure={failure} />
      ) : (
        data && (
          <RequestsTable
            path={base}
            ownRoles={own}
            rows={packRows(data.list.rows)}
            view={view}
            total={data.list.total}
            next={data.list.next}
            countsWithout={data.list.countsWithout}
            barEnd={
              <nav aria-label="Whose requests" className="flex gap-1">
                {VIEWS.map(({ id, label }) => (
                  <Link
                    key={id}
                    href={`${base}?which=${id}`}
                    aria-current={id === shown.id ? "page" : undefined}
                    className={cx(
                      "inline-flex h-7 items-center rounded-1 px-2.5 max-md:h-10",
                      id === shown.id ? "bg-select font-medium text-ink" : "hover:bg-hover",
                    )}
                  >
                    {label}
                  </Link>
                ))}
              </nav>
            }
            empty={
              <EmptyState title={shown.empty}>
                <p className="max-w-[72ch]">
                  A control that your role does not allow offers “Ask for it”. A Workspace Admin or System Admin decides; what is granted can end by itself.
                </p>
              </EmptyState>
            }
          />
        )
      )}
    </AccessFrame>
  );
}
