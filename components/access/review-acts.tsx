"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { cancelReviewAction, decideItemsAction, delegateItemsAction, openReviewAction, signOffReviewAction } from "@/app/(console)/access/actions";
import type { Selection } from "@/components/table/selection";
import { ActButton } from "@/components/ui/act-button";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Button } from "@/components/ui/button";
import { useClock } from "@/components/ui/clock";
import { describedBy, Field, Input, Textarea, TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { counted, countWords, dayEndIn } from "@/components/ui/time-words";
import type { ReviewItemRow, ReviewPage } from "@/lib/access-reviews/schema";
import { roleTitle } from "./grant-list";
import { scopeWords } from "./grant-words";
import { reviewableRoles, reviewPath } from "./review-list";
import type { Places } from "./role-fields";

const DAY = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Opens a review: of what, and until when. */
export function OpenReview({ places, label = "New review…" }: { places: Places; label?: string }) {
  const router = useRouter();
  const { zone } = useClock();
  const [place, setPlace] = useState(places.workspace ?? "");
  const [day, setDay] = useState(() => dayOf(Date.now() + 14 * DAY));
  return (
    <ActionDialog
      label={label}
      icon="plus"
      title="Review who has access"
      action={openReviewAction}
      hidden={place ? { workspace: place } : undefined}
      submit="Open the review"
      onDone={({ id }) => router.push(reviewPath({ id, workspace: place || null }))}
    >
      {(errorOf) => (
        <>
          <p>The grants are listed as they are now. Others than those who hold them decide each, and what is revoked ends at once.</p>
          <TextField id="review-name" name="name" label="Name" maxLength={100} placeholder="Autumn review" error={errorOf("name")} />
          {!places.workspace && (
            <SelectField
              id="review-place"
              name=""
              label="Where"
              value={place}
              onChange={(event) => setPlace(event.target.value)}
              choices={[{ value: "", label: "The organization" }, ...places.workspaces.map((slug) => ({ value: slug, label: `The workspace ${slug}` }))]}
            />
          )}
          <SelectField
            id="review-role"
            name="role"
            label="Role"
            help={place ? undefined : "A role is reviewed wherever it is held; without one, only what is held on the whole organization."}
            choices={[{ value: "", label: place ? "Every role" : "Roles on the whole organization" }, ...reviewableRoles(place !== "", places.roles ?? [])]}
            error={errorOf("role")}
          />
          <Field id="review-due" label="Due" error={errorOf("dueAt")}>
            <Input
              id="review-due"
              type="date"
              value={day}
              min={dayOf(Date.now())}
              onChange={(event) => setDay(event.target.value)}
              {...describedBy("review-due", false, errorOf("dueAt"))}
            />
          </Field>
          <input type="hidden" name="dueAt" value={dayEndIn(day, zone)} />
          <TextField id="review-note" name="note" label="Note" optional maxLength={500} help="Those who decide read it." error={errorOf("note")} />
        </>
      )}
    </ActionDialog>
  );
}

/** `reviewers`: to whom rows can be given. */
type InReview = { reviewId: string; workspace: string | null; reviewers: { id: string; name: string }[] };
const fieldsOf = ({ reviewId, workspace }: Pick<InReview, "reviewId" | "workspace">): Record<string, string> => ({
  reviewId,
  ...(workspace ? { workspace } : {}),
});
const words = (count: number) => counted(count, "row");

/** Keep and revoke, for one row; a decision to keep can be taken back. */
export function ItemActs({ review, row }: { review: InReview; row: ReviewItemRow }) {
  if (!row.canDecide && !row.canDelegate) return null;
  const hidden = { ...fieldsOf(review), itemIds: row.id };
  const what = `${row.who}: ${roleTitle(row.role)} on ${scopeWords(row)}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps clicks and keys of the dialogs away from the row and its table
    <span className="inline-flex gap-1" onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
      {row.canDelegate && row.delegatedTo !== null && (
        <ActButton action={delegateItemsAction} fields={{ ...hidden, to: "" }} said={`Taken back: ${row.who}.`} look="ghost">
          Take back
        </ActButton>
      )}
      {!row.canDecide ? null : row.decision === "keep" ? (
        <ActButton action={decideItemsAction} fields={{ ...hidden, decision: "undecided" }} said={`Undecided: ${row.who}.`} look="ghost">
          Undo
        </ActButton>
      ) : row.risks.length > 0 ? (
        <Decide label="Keep…" title={what} hidden={hidden} decision="keep" count={1} />
      ) : (
        <ActButton action={decideItemsAction} fields={{ ...hidden, decision: "keep" }} said={`Kept: ${row.who}.`} look="ghost">
          Keep
        </ActButton>
      )}
      {row.canRevoke && <Decide label="Revoke…" title={what} hidden={hidden} decision="revoke" count={1} />}
    </span>
  );
}

function Decide({
  label,
  title,
  hidden,
  decision,
  count,
  isOptional = false,
  onDone,
}: {
  label: string;
  title: string;
  hidden: Record<string, string>;
  decision: "keep" | "revoke";
  count: number;
  /** True where a reason may be left out: for keeping what is not marked. */
  isOptional?: boolean;
  onDone?: () => void;
}) {
  const isEnd = decision === "revoke";
  return (
    <ActionDialog
      label={label}
      buttonLook={onDone ? (isEnd ? "danger" : "plain") : "ghost"}
      title={title}
      action={decideItemsAction}
      hidden={{ ...hidden, decision }}
      submit={isEnd ? `Revoke ${count === 1 ? "the grant" : countWords(count)}` : `Keep ${count === 1 ? "the grant" : countWords(count)}`}
      look={isEnd ? "danger" : "primary"}
      said={(result) => `${isEnd ? "Revoked" : "Kept"}: ${words(result.count)}.`}
      onDone={onDone}
    >
      {(errorOf) => (
        <>
          {isEnd && <p>It ends now: it holds nothing from the next request on. That can't be taken back here; the role can be given again.</p>}
          <Field id="decide-reason" label="Why" optional={isOptional} help="Stands in the review and in the audit trail." error={errorOf("reason")}>
            <Textarea id="decide-reason" name="reason" maxLength={500} {...describedBy("decide-reason", true, errorOf("reason"))} />
          </Field>
        </>
      )}
    </ActionDialog>
  );
}

/** Gives rows to another reviewer to decide. */
function Delegate({ review, rows, onDone }: { review: InReview; rows: readonly ReviewItemRow[]; onDone: () => void }) {
  return (
    <ActionDialog
      label={`Give ${countWords(rows.length)} to…`}
      title={`Give ${words(rows.length)} to another reviewer`}
      action={delegateItemsAction}
      hidden={{ ...fieldsOf(review), itemIds: rows.map((row) => row.id).join(",") }}
      submit="Give them to decide"
      said={(result) => `${words(result.count)} ${result.count === 1 ? "is" : "are"} ${result.to}’s to decide.`}
      onDone={onDone}
    >
      {(errorOf) => (
        <>
          <p>Until you take them back nobody else decides them. Nobody is given their own access to decide.</p>
          <SelectField
            id="delegate-to"
            name="to"
            label="Reviewer"
            choices={review.reviewers.map(({ id, name }) => ({ value: id, label: name }))}
            error={errorOf("to")}
          />
          <TextField id="delegate-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." error={errorOf("reason")} />
        </>
      )}
    </ActionDialog>
  );
}

/** The same for the chosen rows. Rows that can't be decided so are left out, and that is said. */
export function BulkDecide({ review, rows, selection }: { review: InReview; rows: readonly ReviewItemRow[]; selection: Selection }) {
  if (selection.isAll) return <span className="text-ink-3">A review is decided page by page: choose the rows of this one.</span>;
  const chosen = rows.filter((row) => selection.ids.includes(row.id));
  const lists = { keep: chosen.filter((row) => row.canDecide), revoke: chosen.filter((row) => row.canRevoke) };
  const given = chosen.filter((row) => row.canDelegate);
  const done = () => selection.clear();
  return (
    <>
      {(["keep", "revoke"] as const).map((decision) => {
        const list = lists[decision];
        if (list.length === 0) return null;
        const left = selection.count - list.length;
        const verb = decision === "keep" ? "Keep" : "Revoke";
        return (
          <Decide
            key={decision}
            label={`${verb} ${countWords(list.length)}…`}
            title={`${verb} ${words(list.length)}${left > 0 ? `; ${countWords(left)} chosen can't be decided so` : ""}`}
            hidden={{ ...fieldsOf(review), itemIds: list.map((row) => row.id).join(",") }}
            decision={decision}
            count={list.length}
            isOptional={decision === "keep" && list.every((row) => row.risks.length === 0)}
            onDone={done}
          />
        );
      })}
      {given.length > 0 && review.reviewers.length > 0 && <Delegate review={review} rows={given} onDone={done} />}
      {lists.keep.length === 0 && <span className="text-ink-3">None of these is yours to decide.</span>}
    </>
  );
}

/** Sign off, when everything is decided; or cancel. */
export function CloseReview({ review, mayCancel }: { review: ReviewPage; mayCancel: boolean }) {
  const hidden = fieldsOf({ reviewId: review.id, workspace: review.workspace });
  const left = review.counts.undecided;
  return (
    <>
      {mayCancel && (
        <ActionDialog
          label="Cancel…"
          buttonLook="ghost"
          title={`Cancel ${review.name}`}
          action={cancelReviewAction}
          hidden={hidden}
          submit="Cancel the review"
          look="danger"
          said={() => "Cancelled."}
        >
          {(errorOf) => (
            <>
              <p>Nothing more is decided in it. What was revoked stays revoked.</p>
              <TextField id="cancel-comment" name="comment" label="Why" maxLength={500} error={errorOf("comment")} />
            </>
          )}
        </ActionDialog>
      )}
      {left > 0 ? (
        <Button disabled title={`${words(left)} to decide first`}>
          Sign off…
        </Button>
      ) : (
        <ActionDialog
          label="Sign off…"
          icon="badge-check"
          buttonLook="primary"
          title={`Sign off ${review.name}`}
          action={signOffReviewAction}
          hidden={hidden}
          submit="Sign off the review"
          said={() => "Signed off."}
        >
          {(errorOf) => (
            <>
              <p>
                {countWords(review.counts.keep)} kept, {countWords(review.counts.revoke)} revoked, {countWords(review.counts.ended)} ended meanwhile. The list
                is sealed by its digest, which stands in the audit trail; nobody changes it afterwards.
              </p>
              <TextField id="sign-comment" name="comment" label="Comment" optional maxLength={500} error={errorOf("comment")} />
            </>
          )}
        </ActionDialog>
      )}
    </>
  );
}
