import { OpenReview } from "@/components/access/review-acts";
import { reviewList, REVIEWS_PER_PAGE } from "@/components/access/review-list";
import { ReviewsTable } from "@/components/access/reviews-table";
import { requestPreferences } from "@/components/shell/request-preferences";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { listReviews } from "@/lib/access-reviews/queries";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";
import { refusalOf } from "../refusal";
import { AccessFrame, accessPath, placesOf } from "./access-frame";
import { ownRoles } from "./own-roles";

/** Access reviews of the place. */
export async function ReviewsPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const path = `${accessPath(place)}/reviews`;
  const own = await ownRoles(context);
  const definition = reviewList(own);
  const view = readListView(definition, searchParams);
  const { zone } = await requestPreferences();
  const { data, failure } = await attempt(context, () =>
    Promise.all([ask(listReviews, context, pageInput(definition, view, REVIEWS_PER_PAGE, Date.now(), zone)), placesOf(args)]),
  );
  const [list, places] = data ?? [];
  const refusal = refusalOf(context.actor, "access-review:create", { workspaceId: place.workspace?.id }, "Opening reviews is not in your role");
  return (
    <AccessFrame
      args={args}
      tab="reviews"
      exportSearch={viewSearch(definition, { ...view, after: undefined })}
      actions={refusal ? <RefusedControl label="New review" refusal={refusal} /> : places && <OpenReview places={places} />}
    >
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        list && (
          <ReviewsTable
            path={path}
            ownRoles={own}
            rows={packRows(list.rows)}
            view={view}
            total={list.total}
            next={list.next}
            countsWithout={list.countsWithout}
            empty={
              <EmptyState title="No access was reviewed here yet.">
                <p className="max-w-[72ch]">
                  A review lists who holds which role, as it is when it is opened. Each grant is kept or revoked by somebody else than who holds it; the
                  sign-off seals the list.
                </p>
              </EmptyState>
            }
          />
        )
      )}
    </AccessFrame>
  );
}
