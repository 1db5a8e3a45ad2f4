import Link from "next/link";
import { PER_PAGE, requestList } from "@/components/access/request-list";
import { RequestsTable } from "@/components/access/requests-table";
import { RevealsTable } from "@/components/secret/reveals-table";
import { cx } from "@/components/ui/class-names";
import { EmptyState } from "@/components/ui/states";
import { listRequests } from "@/lib/access/list-requests";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listReveals } from "@/lib/secrets/list-reveals";
import { AccessList } from "./access-list";
import { whichOf } from "./asked";

const VIEWS = [
  { id: "deciding", label: "For me", empty: "Nothing waits for you." },
  { id: "mine", label: "Asked by me", empty: "You have asked for nothing here." },
  { id: "all", label: "All", empty: "Nobody has asked for access here." },
] as const;

/** Requests for access, and to reveal secrets: what waits for this person, what they asked for, and what became of the rest. */
export function RequestsPage(args: PageArguments) {
  const { context, searchParams } = args;
  const asked = VIEWS.find(({ id }) => id === whichOf(searchParams.which));
  return (
    <AccessList
      args={args}
      tab="requests"
      definition={requestList}
      perPage={PER_PAGE}
      read={async (input, view) => {
        const read = async (shown: (typeof VIEWS)[number]) => {
          const [list, reveals] = await Promise.all([
            ask(listRequests, context, { which: shown.id, ...input }),
            ask(listReveals, context, { which: shown.id }),
          ]);
          return { shown, list, reveals };
        };
        const first = await read(asked ?? VIEWS[0]);
        // Who has nothing to decide came for their own.
        return asked || first.list.rows.length + first.reveals.length > 0 || view.filters.length > 0 ? first : read(VIEWS[1]);
      }}
      exportQuery={(read) => ({ which: (read?.shown ?? VIEWS[0]).id })}
      above={({ reveals }) => <RevealsTable rows={reveals} />}
      draw={(list, { shown }) => (
        <RequestsTable
          {...list}
          barEnd={
            <nav aria-label="Whose requests" className="flex gap-1">
              {VIEWS.map(({ id, label }) => (
                <Link
                  key={id}
                  href={`${list.path}?which=${id}`}
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
      )}
    />
  );
}
