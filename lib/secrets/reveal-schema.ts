// Requests to reveal values, as pages get them. Nothing of a value is in them.

/** How long a request waits, and how long an approval holds. */
export const REQUEST_HOURS = 24;
export const APPROVAL_MINUTES = 15;
export const LEAST_REASON = 10;

export type RevealRow = {
  id: string;
  secretId: string;
  secret: string;
  workspace: string;
  who: string;
  reason: string;
  /** open, approved, declined, withdrawn, used or expired. */
  state: string;
  decidedBy: string | null;
  decidedAt: string | null;
  comment: string | null;
  /** When an open request or an unused approval ends. */
  endsAt: string;
  createdAt: string;
  isMine: boolean;
  mayDecide: boolean;
};

/** What holds for revealing one secret: whether a second person is needed, and the requests that are open or approved. */
export type RevealState = { needsSecond: boolean; mine: RevealRow | null; waiting: RevealRow[] };
