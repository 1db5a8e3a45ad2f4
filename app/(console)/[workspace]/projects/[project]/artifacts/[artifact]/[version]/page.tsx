import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { versionPage } from "../version-page";

export default page("artifact:read", async ({ params, ...rest }) => {
  const artifact = decodeSegment(params.artifact ?? "");
  const version = decodeSegment(params.version ?? "");
  if (!artifact || !version) notFound();
  return versionPage({ ...rest, artifact, version });
});
