import type { Metadata } from "next";
import { GROUPS, ROWS_PER_PAGE } from "@/components/directory/lists";
import { GroupsTable } from "@/components/directory/tables";
import { listDirectoryGroups } from "@/lib/directories/queries";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { DirectoryFrame, drawList } from "../directory-frame";

export const metadata: Metadata = { title: "Groups of a directory" };

export default page("directory:read", async (args) => (
  <DirectoryFrame
    list={GROUPS}
    args={args}
    tab="groups"
    draw={(directory) =>
      drawList({
        args,
        directory,
        tab: "groups",
        definition: GROUPS,
        perPage: ROWS_PER_PAGE,
        read: (input) => ask(listDirectoryGroups, args.context, input),
        draw: (list) => <GroupsTable {...list} />,
      })
    }
  />
));
