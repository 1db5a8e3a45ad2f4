import type { Metadata } from "next";
import { DriftTable } from "@/components/directory/drift-table";
import { DRIFT, ROWS_PER_PAGE } from "@/components/directory/lists";
import { listDirectoryDrift } from "@/lib/directories/drift";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { DirectoryFrame, drawList } from "../directory-frame";

export const metadata: Metadata = { title: "Drift of a directory" };

/** What the directory last said beside what we hold: only where they differ. */
export default page("directory:read", async (args) => (
  <DirectoryFrame
    list={DRIFT}
    args={args}
    tab="drift"
    draw={(directory) =>
      drawList({
        args,
        directory,
        tab: "drift",
        definition: DRIFT,
        perPage: ROWS_PER_PAGE,
        read: (input) => ask(listDirectoryDrift, args.context, input),
        draw: (list) => <DriftTable {...list} />,
      })
    }
  />
));
