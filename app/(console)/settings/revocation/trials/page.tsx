import type { Metadata } from "next";
import { REVOCATION, TABS, TRIALS, TRIALS_PER_PAGE } from "@/components/revocation/lists";
import { TrialsTable } from "@/components/revocation/trials-table";
import { ListFailure } from "@/components/table/list-failure";
import { ExportLink } from "@/components/ui/export-link";
import { listTrials } from "@/lib/canaries/queries";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { drawnList, readList } from "../../../read-list";
import { RevocationFrame } from "../revocation-frame";

export const metadata: Metadata = { title: "Trials of revocation" };

export default page("sso-connection:read", async (args) => {
  const { data: list, failure, view, search } = await readList(args, TRIALS, TRIALS_PER_PAGE, (input) => ask(listTrials, args.context, input));
  return (
    <RevocationFrame place={args.place} tab="trials" fills actions={<ExportLink href={`${REVOCATION}/trials/export${search}`} />}>
      {failure ? <ListFailure failure={failure} path={TABS[1].href} /> : <TrialsTable {...drawnList(list, view)} />}
    </RevocationFrame>
  );
});
