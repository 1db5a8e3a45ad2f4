import { grantsList, roleTitle } from "@/components/access/grant-list";
import { invitationList, requestList } from "@/components/access/request-list";
import { reviewItemList, reviewList } from "@/components/access/review-list";
import { requestPreferences } from "@/components/shell/request-preferences";
import { listGrants } from "@/lib/access/list-grants";
import { listRequests } from "@/lib/access/list-requests";
import { listReach } from "@/lib/access/reach";
import { type ReachPath, throughWords } from "@/lib/access/schema";
import { listReviewItems } from "@/lib/access-reviews/list-items";
import { sealedScope } from "@/lib/access-reviews/digest";
import { getReview, listReviews } from "@/lib/access-reviews/queries";
import { csvLine } from "@/lib/exports/csv";
import { downloadResponse } from "@/lib/exports/download";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import type { RouteArguments } from "@/lib/kernel/route";
import { listInvitations } from "@/lib/members/list-invitations";
import { exportList } from "../list-export";
import { endOfDay, reachAsked, whichOf } from "./asked";
import { ownRoles } from "./own-roles";

// The lists of the access pages as CSV, of the organization or of one workspace: what the page's filters and dates show, and no more.

const named = (what: string, { context }: RouteArguments) => (context.workspace ? `${what}-${context.workspace.slug}` : what);

/** Who holds which role where, now or at the end of a day. */
export async function exportMembers(args: RouteArguments): Promise<Response> {
  const { context, url } = args;
  const { zone } = await requestPreferences();
  const at = endOfDay(url.searchParams.get("at") ?? undefined, zone)?.at ?? null;
  return exportList(
    url,
    named("members", args),
    grantsList(!context.workspace, await ownRoles(context)),
    (input) => ask(listGrants, context, { ...input, at }),
    [
      ["who", (row) => row.who],
      ["e-mail address", (row) => row.email],
      ["kind", (row) => row.kind],
      ["role", (row) => roleTitle(row.role)],
      ["effect", (row) => row.effect],
      ["scope", (row) => row.scope],
      ["workspace", (row) => row.workspace],
      ["project", (row) => row.project],
      ["shared thing", (row) => row.shared && `${row.shared.type} ${row.shared.name}`],
      ["from", (row) => throughWords(row)],
      ["given by", (row) => row.grantedBy],
      ["since", (row) => row.since],
      ["until", (row) => row.until],
      ["last seen", (row) => row.lastSeenAt],
      ["state", (row) => row.state],
      ["reason", (row) => row.reason],
    ],
  );
}

/** Requests for access: those that one decides, one's own, or all. */
export async function exportRequests(args: RouteArguments): Promise<Response> {
  const { context, url } = args;
  const which = whichOf(url.searchParams.get("which") ?? undefined) ?? "deciding";
  return exportList(url, named("access-requests", args), requestList(await ownRoles(context)), (input) => ask(listRequests, context, { ...input, which }), [
    ["asked by", (row) => row.who],
    ["role", (row) => roleTitle(row.role)],
    ["scope", (row) => row.scope],
    ["workspace", (row) => row.workspace],
    ["project", (row) => row.project],
    ["permission", (row) => row.permission],
    ["thing", (row) => row.thing],
    ["reason", (row) => row.reason],
    ["until", (row) => row.until],
    ["asked", (row) => row.createdAt],
    ["expires", (row) => row.expiresAt],
    ["state", (row) => row.state],
    ["decided by", (row) => row.decidedBy],
    ["decided", (row) => row.decidedAt],
    ["comment", (row) => row.comment],
  ]);
}

/** Invitations of the place; never their links. */
export async function exportInvitations(args: RouteArguments): Promise<Response> {
  const { context, url } = args;
  return exportList(url, named("invitations", args), invitationList(await ownRoles(context)), (input) => ask(listInvitations, context, input), [
    ["e-mail address", (row) => row.email],
    ["name", (row) => row.fullName],
    ["role", (row) => roleTitle(row.role)],
    ["scope", (row) => row.scope],
    ["workspace", (row) => row.workspace],
    ["project", (row) => row.project],
    ["role until", (row) => row.grantUntil],
    ["note", (row) => row.note],
    ["invited by", (row) => row.invitedBy],
    ["made", (row) => row.createdAt],
    ["expires", (row) => row.expiresAt],
    ["state", (row) => row.state],
  ]);
}

/** Access reviews of the place. */
export async function exportReviews(args: RouteArguments): Promise<Response> {
  const { context, url } = args;
  return exportList(url, named("access-reviews", args), reviewList(await ownRoles(context)), (input) => ask(listReviews, context, input), [
    ["name", (row) => row.name],
    ["role", (row) => row.role],
    ["workspace", (row) => row.workspace],
    ["state", (row) => row.state],
    ["decided", (row) => row.settled],
    ["grants", (row) => row.total],
    ["opened by", (row) => row.createdBy],
    ["opened", (row) => row.createdAt],
    ["due", (row) => row.dueAt],
    ["closed by", (row) => row.closedBy],
    ["closed", (row) => row.closedAt],
  ]);
}

/** The rows of one review, as they are sealed: names as they were, roles by their name in files. Errors: not_found. */
export async function exportReview({ context, params, url }: RouteArguments): Promise<Response> {
  const reviewId = isUuid(params.review) ? params.review : null;
  if (!reviewId) throw new AppError("not_found", "There is no such access review here.");
  await ask(getReview, context, { reviewId });
  return exportList(
    url,
    `access-review-${reviewId}`,
    reviewItemList(await ownRoles(context)),
    (input) => ask(listReviewItems, context, { ...input, reviewId }),
    [
      ["who", (row) => row.who],
      ["members", (row) => row.members],
      ["role", (row) => row.role],
      ["scope", (row) => sealedScope(row)],
      ["workspace", (row) => row.workspace],
      ["project", (row) => row.project],
      ["source", (row) => row.source],
      ["through", (row) => row.through],
      ["since", (row) => row.since],
      ["decision", (row) => row.decision],
      ["reason", (row) => row.reason],
      ["decided by", (row) => row.decidedBy],
      ["kind", (row) => row.subjectKind],
      ["given by", (row) => row.grantedBy],
      ["until", (row) => row.until],
      ["last used", (row) => row.lastUsedAt],
      ["marked", (row) => row.risks],
      ["decided", (row) => row.decidedAt],
      ["meanwhile", (row) => row.meanwhile],
    ],
  );
}

const REACH_HEAD = ["who", "kind", "role", "scope", "workspace", "project", "shared thing", "own things only", "from", "given by", "since", "until"];
const reachLine = (path: ReachPath) =>
  csvLine([
    path.who,
    path.kind,
    roleTitle(path.role),
    path.scope,
    path.workspace,
    path.project,
    path.shared && `${path.shared.type} ${path.shared.name}`,
    path.isOwnOnly ? "yes" : "no",
    throughWords(path),
    path.grantedBy,
    path.since,
    path.until,
  ]);

/** Every path by which somebody reaches the place, now or at a moment. */
export async function exportReach(args: RouteArguments): Promise<Response> {
  const { context, url } = args;
  const { zone } = await requestPreferences();
  const asked = reachAsked(Object.fromEntries(url.searchParams), zone, context.workspace !== null);
  const { paths } = await ask(listReach, context, asked);
  async function* pages() {
    yield csvLine(REACH_HEAD);
    yield paths.map(reachLine).join("");
  }
  return downloadResponse(named(`reach-${asked.permission.replace(":", "-")}`, args), "csv", pages());
}
