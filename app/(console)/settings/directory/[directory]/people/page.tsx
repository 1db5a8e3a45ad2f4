import type { Metadata } from "next";
import { PEOPLE, ROWS_PER_PAGE } from "@/components/directory/lists";
import { PeopleTable } from "@/components/directory/tables";
import { listDirectoryPeople } from "@/lib/directories/queries";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { DirectoryFrame, drawList } from "../directory-frame";

export const metadata: Metadata = { title: "People of a directory" };

export default page("directory:read", async (args) => (
  <DirectoryFrame
    list={PEOPLE}
    args={args}
    tab="people"
    draw={(directory) =>
      drawList({
        args,
        directory,
        tab: "people",
        definition: PEOPLE,
        perPage: ROWS_PER_PAGE,
        read: (input) => ask(listDirectoryPeople, args.context, input),
        draw: (list) => <PeopleTable {...list} />,
      })
    }
  />
));
