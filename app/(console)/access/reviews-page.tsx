import { OpenReview } from "@/components/access/review-acts";
import { reviewList, REVIEWS_PER_PAGE } from "@/components/access/review-list";
import { ReviewsTable } from "@/components/access/reviews-table";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { listReviews } from "@/lib/access-reviews/queries";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { refusalOf } from "../refusal";
import { placesOf } from "./access-frame";
import { AccessList } from "./access-list";

/** Access reviews of the place. */
export function ReviewsPage(args: PageArguments) {
  const { context, place } = args;
  const refusal = refusalOf(context.actor, "access-review:create", { workspaceId: place.workspace?.id }, "Opening reviews is not in your role");
  return (
    <AccessList
      args={args}
      tab="reviews"
      definition={reviewList}
      perPage={REVIEWS_PER_PAGE}
      read={async (input) => {
        const [list, places] = await Promise.all([ask(listReviews, context, input), placesOf(args)]);
        return { list, places };
      }}
      actions={(read) => (refusal ? <RefusedControl label="New review" refusal={refusal} /> : read && <OpenReview places={read.places} />)}
      draw={(list) => (
        <ReviewsTable
          {...list}
          empty={
            <EmptyState title="No access was reviewed here yet.">
              <p className="max-w-[72ch]">
                A review lists who holds which role, as it is when it is opened. Each grant is kept or revoked by somebody else than who holds it; the sign-off
                seals the list.
              </p>
            </EmptyState>
          }
        />
      )}
    />
  );
}
