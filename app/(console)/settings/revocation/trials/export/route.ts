import { TRIALS } from "@/components/revocation/lists";
import { listTrials } from "@/lib/canaries/queries";
import { CAUSES, SURFACES } from "@/lib/canaries/schema";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../list-export";

export const dynamic = "force-dynamic";

/** The trials that a filter shows, as CSV. */
export const GET = route("sso-connection:read", ({ context, url }) =>
  exportList(url, "revocation-trials", TRIALS, (input) => ask(listTrials, context, input), [
    ["time", (row) => row.at],
    ["what ended it", (row) => CAUSES[row.cause].label],
    ["surface", (row) => SURFACES[row.surface]],
    ["seconds", (row) => row.seconds],
    ["not measured because", (row) => row.failure],
    ["canary", (row) => row.canary],
  ]),
);
