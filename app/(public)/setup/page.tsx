import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/states";
import { exactTime } from "@/components/ui/time-words";
import { getSetUpFacts } from "@/lib/organizations/get-set-up-facts";
import { SetUp } from "./set-up";

export const metadata: Metadata = { title: "Set-up", robots: { index: false } };

/** Public: the secret in the link's fragment, which browsers never send, opens it. */
export default async function SetUpPage() {
  const facts = await getSetUpFacts();
  if (!facts) return <SetUp />;
  return (
    <MessagePage icon="circle-check" title="This installation is set up">
      <p>
        Done on <b>{exactTime(facts.doneAt, "UTC")}</b> by <b>{facts.doneBy}</b>, № {facts.seq}.
      </p>
      <p>
        <ButtonLink href="/sign-in" look="primary" size="lg">
          Go to sign-in
        </ButtonLink>
      </p>
    </MessagePage>
  );
}
