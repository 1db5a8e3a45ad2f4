import type { Metadata } from "next";
import { PEOPLE, ROWS_PER_PAGE } from "@/components/sso/lists";
import { SsoPeopleTable } from "@/components/sso/tables";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listIdentities } from "@/lib/sso/list-attempts";
import { ConnectionFrame, drawList } from "../connection-frame";

export const metadata: Metadata = { title: "People of a connection" };

export default page("sso-connection:read", async (args) => (
  <ConnectionFrame
    list={PEOPLE}
    args={args}
    tab="people"
    draw={(connection) =>
      drawList({
        args,
        connection,
        tab: "people",
        definition: PEOPLE,
        perPage: ROWS_PER_PAGE,
        read: (input) => ask(listIdentities, args.context, input),
        draw: (list) => <SsoPeopleTable {...list} />,
      })
    }
  />
));
