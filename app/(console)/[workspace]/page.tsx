import { notFound, redirect } from "next/navigation";
import { requestPreferences } from "@/components/shell/request-preferences";
import { firstSection, sectionPath } from "@/components/shell/shell-data";
import { page } from "@/lib/kernel/page";
import { getShellPlaces } from "@/lib/organizations/get-shell";

/** A workspace's own address leads to the section used last, at first to its runs: the first that the person may read. */
export default page("workspace:read", async ({ context, place }) => {
  const [places, { section: last }] = await Promise.all([getShellPlaces(context), requestPreferences()]);
  const here = places.find((known) => known.slug === place.workspace?.slug);
  const section = here && firstSection(here, last);
  if (!section) notFound();
  redirect(sectionPath(here, section));
});
