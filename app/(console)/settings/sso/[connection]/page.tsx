import { redirect } from "next/navigation";
import { openStep, ssoPath } from "@/components/sso/steps";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getConnection } from "@/lib/sso/queries";
import { attempt } from "../../../attempt";
import { FailurePage } from "../../../failure-page";

/** Goes on where the set-up stopped. */
export default page("sso-connection:read", async ({ context, params }) => {
  const { data: connection, failure } = await attempt(context, () => ask(getConnection, context, { connection: params.connection ?? "" }));
  if (failure) return <FailurePage crumbs={[{ label: "Single sign-on", href: "/settings/sso" }]} failure={failure} />;
  redirect(ssoPath(connection.slug, openStep(connection)));
});
