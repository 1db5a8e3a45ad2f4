import type { Metadata } from "next";
import { REQUESTS, ROWS_PER_PAGE } from "@/components/directory/lists";
import { RequestsTable } from "@/components/directory/tables";
import { listDirectoryRequests } from "@/lib/directories/queries";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { DirectoryFrame, drawList } from "../directory-frame";

export const metadata: Metadata = { title: "Requests of a directory" };

export default page("directory:read", async (args) => (
  <DirectoryFrame
    list={REQUESTS}
    args={args}
    tab="requests"
    draw={(directory) =>
      drawList({
        args,
        directory,
        tab: "requests",
        definition: REQUESTS,
        perPage: ROWS_PER_PAGE,
        read: (input) => ask(listDirectoryRequests, args.context, input),
        draw: (list) => <RequestsTable {...list} />,
      })
    }
  />
));
