import { readLedgerWindow } from "@/components/secret/ledger-window";
import { csvLine } from "@/lib/exports/csv";
import { downloadResponse } from "@/lib/exports/download";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { getSecretLedger } from "@/lib/secrets/get-ledger";

export const dynamic = "force-dynamic";

/** The ledger of a secret in the time that the page shows, as CSV: a line for each span in which somebody or something could use it. Each use has its own export. */
export const GET = route("secret:read", async ({ context, params, url }) => {
  const { from, to } = readLedgerWindow(Object.fromEntries(url.searchParams), Date.now());
  const ledger = await ask(getSecretLedger, context, { id: params.secret, from, to });
  async function* lines() {
    yield csvLine(["kind", "name", "how", "could from", "could until", "uses in this time", "asked from", "asked until"]);
    for (const lane of ledger.lanes) {
      const spans = lane.could.length > 0 ? lane.could : [{ from: null, to: null }];
      for (const span of spans) yield csvLine([lane.kind, lane.name, lane.how, span.from, span.to, lane.uses, ledger.from, ledger.to]);
    }
    for (const { at, count } of ledger.refused) yield csvLine(["refused", null, null, at, at, count, ledger.from, ledger.to]);
  }
  return downloadResponse(`ledger-of-${params.secret}`, "csv", lines());
});
