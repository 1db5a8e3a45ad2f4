import { notFound } from "next/navigation";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { page } from "@/lib/kernel/page";
import { versionPage } from "./version-page";

/** An artifact opens with its newest version. */
export default page("artifact:read", async ({ params, ...rest }) => {
  const artifact = decodeSegment(params.artifact ?? "");
  if (!artifact) notFound();
  return versionPage({ ...rest, artifact, version: null });
});
