import type { Metadata } from "next";
import { ATTEMPTS, ROWS_PER_PAGE } from "@/components/sso/lists";
import { AttemptsTable } from "@/components/sso/tables";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listAttempts } from "@/lib/sso/list-attempts";
import { ConnectionFrame, drawList } from "../connection-frame";

export const metadata: Metadata = { title: "Attempts at signing in" };

export default page("sso-connection:read", async (args) => (
  <ConnectionFrame
    list={ATTEMPTS}
    args={args}
    tab="attempts"
    draw={(connection) =>
      drawList({
        args,
        connection,
        tab: "attempts",
        definition: ATTEMPTS,
        perPage: ROWS_PER_PAGE,
        read: (input) => ask(listAttempts, args.context, input),
        draw: (list) => <AttemptsTable {...list} />,
      })
    }
  />
));
