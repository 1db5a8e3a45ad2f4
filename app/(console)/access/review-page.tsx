import { roleTitle } from "@/components/access/grant-list";
import { CloseReview } from "@/components/access/review-acts";
import { ReviewItemsTable } from "@/components/access/review-items-table";
import { ITEMS_PER_PAGE, reviewItemList } from "@/components/access/review-list";
import { ReviewProgress } from "@/components/access/review-progress";
import { ConsolePage } from "@/components/shell/console-page";
import { Banner } from "@/components/ui/banner";
import { ExportLink } from "@/components/ui/export-link";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { StatusBadge } from "@/components/ui/status";
import { ExactTime, Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { listReviewItems } from "@/lib/access-reviews/list-items";
import { listReviewers } from "@/lib/access-reviews/delegate-items";
import { getReview } from "@/lib/access-reviews/queries";
import { type ReviewPage as Review, reviewOf } from "@/lib/access-reviews/schema";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { FailurePage } from "../failure-page";
import { drawnList, readList } from "../read-list";
import { accessPath } from "./access-frame";
import { ownRoles } from "./own-roles";

/** One access review: how far it is, and each grant of it. */
export async function ReviewPage(args: PageArguments) {
  const { context, place, params } = args;
  const reviewId = params.review ?? "";
  const base = accessPath(place);
  const path = `${base}/reviews/${reviewId}`;
  const crumbs = [
    place.workspace ? { label: place.workspace.slug, href: `/${place.workspace.slug}` } : { label: place.organization.name, href: "/" },
    { label: "Reviews", href: `${base}/reviews` },
  ];
  const own = await ownRoles(context);
  const { data, failure, view, search } = await readList(args, reviewItemList(own), ITEMS_PER_PAGE, (input) =>
    Promise.all([ask(getReview, context, { reviewId }), ask(listReviewItems, context, { ...input, reviewId })]),
  );
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Review" }]} failure={failure} />;
  const [review, list] = data;
  const reviewers = review.canDecide ? await ask(listReviewers, context, {}) : [];
  const isOpen = review.state === "open" || review.state === "overdue";
  const mayCancel = isOpen && can(context.actor, "access-review:create", { workspaceId: place.workspace?.id }).allowed;
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: review.name }]}>
      <PageHead
        title={review.name}
        beside={<StatusBadge state={review.state} />}
        below={review.note || undefined}
        actions={
          <>
            <ExportLink href={`${path}/export${search}`} />
            {review.canDecide && <CloseReview review={review} mayCancel={mayCancel} />}
          </>
        }
      />
      <ReviewFacts review={review} />
      {review.givenSince > 0 && (
        <div className="mt-3">
          <Banner tone="idle" icon="history">
            {countWords(review.givenSince)} {review.givenSince === 1 ? "grant was" : "grants were"} given here since the list was made, and{" "}
            {review.givenSince === 1 ? "is" : "are"} not in it: another review has {review.givenSince === 1 ? "it" : "them"}.
          </Banner>
        </div>
      )}
      <div className="h-3" />
      <ReviewItemsTable
        path={path}
        ownRoles={own}
        review={{ reviewId, workspace: review.workspace, reviewers }}
        peoplePath={`${base}/people`}
        canDecide={review.canDecide}
        {...drawnList(list, view)}
        empty={<EmptyState title="Nothing is in this review." />}
      />
    </ConsolePage>
  );
}

function ReviewFacts({ review }: { review: Review }) {
  const { counts } = review;
  const parts = [
    `${countWords(counts.keep)} kept`,
    `${countWords(counts.revoke)} revoked`,
    ...(counts.ended ? [`${countWords(counts.ended)} ended meanwhile`] : []),
  ];
  return (
    <FactsStrip
      facts={[
        { label: "Of", value: reviewOf(review, review.role && roleTitle(review.role)) },
        { label: "Decided", value: <ReviewProgress {...review} /> },
        { label: "So far", value: parts.join(", ") },
        { label: "Due", value: <Time at={review.dueAt} /> },
        {
          label: "Opened",
          value: (
            <span>
              {review.createdBy}, <Time at={review.createdAt} />
            </span>
          ),
        },
        ...(review.closedAt
          ? [
              {
                label: review.state === "signed" ? "Signed off" : "Cancelled",
                value: (
                  <>
                    {review.closedBy}, <ExactTime at={review.closedAt} />
                    {review.comment && <span className="text-ink-3">“{review.comment}”</span>}
                  </>
                ),
              },
            ]
          : []),
        ...(review.digest
          ? [
              {
                label: "SHA-256 of the list",
                value: (
                  <code title={review.digest}>
                    {review.digest.slice(0, 12)}…{review.digest.slice(-6)}
                  </code>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
