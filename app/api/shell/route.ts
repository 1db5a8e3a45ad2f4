import { countOpenRequests } from "@/lib/access/list-requests";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { getNotices } from "@/lib/organizations/get-shell-state";

/** What the shell shows and what may change while a page stands open: notices, and how many requests wait for this person. */
export const GET = route("session:read", async ({ context }) => {
  const [notices, openRequests] = await Promise.all([ask(getNotices, context, {}), ask(countOpenRequests, context, {})]);
  return Response.json({ notices, openRequests });
});
