import { notFound, redirect } from "next/navigation";
import { runsPath, type ShellWorkspace } from "@/components/shell/shell-data";
import { page } from "@/lib/kernel/page";
import { getShellPlaces } from "@/lib/organizations/get-shell";

/** A workspace's own address leads to its runs, or to the first section that the person may read. */
export default page("workspace:read", async ({ context, place }) => {
  const places: ShellWorkspace[] = await getShellPlaces(context);
  const here = places.find((known) => known.slug === place.workspace?.slug);
  if (!here) notFound();
  if (here.canReadRuns) redirect(runsPath(here));
  if (here.canReadAudit) redirect(`/${here.slug}/audit`);
  notFound();
});
