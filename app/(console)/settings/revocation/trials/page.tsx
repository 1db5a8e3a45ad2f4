import type { Metadata } from "next";
import { REVOCATION, TABS, TRIALS, TRIALS_PER_PAGE } from "@/components/revocation/lists";
import { TrialsTable } from "@/components/revocation/trials-table";
import { requestPreferences } from "@/components/shell/request-preferences";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { ExportLink } from "@/components/ui/export-link";
import { listTrials } from "@/lib/canaries/queries";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../attempt";
import { RevocationFrame } from "../revocation-frame";

export const metadata: Metadata = { title: "Trials of revocation" };

export default page("sso-connection:read", async ({ context, place, searchParams }) => {
  const view = readListView(TRIALS, searchParams);
  const { zone } = await requestPreferences();
  const { data: list, failure } = await attempt(context, () => ask(listTrials, context, pageInput(TRIALS, view, TRIALS_PER_PAGE, Date.now(), zone)));
  return (
    <RevocationFrame
      place={place}
      tab="trials"
      fills
      actions={<ExportLink href={`${REVOCATION}/trials/export${viewSearch(TRIALS, { ...view, after: undefined })}`} />}
    >
      {failure ? <ListFailure failure={failure} path={TABS[1].href} /> : <TrialsTable {...list} rows={packRows(list.rows)} view={view} />}
    </RevocationFrame>
  );
});
