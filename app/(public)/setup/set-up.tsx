"use client";

import { useEffect, useState } from "react";
import { CliBox } from "@/components/ui/cli-box";
import { ErrorState, MessagePage } from "@/components/ui/states";
import { checkSetUpSecret } from "./actions";
import { SetUpForm } from "./set-up-form";
import type { SecretState } from "./set-up-state";

/** Reads the secret from the fragment, asks the server whether it holds, and shows the form or how to get a new link. */
export function SetUp() {
  const [secret, setSecret] = useState("");
  const [state, setState] = useState<SecretState>({ status: "checking" });

  useEffect(() => {
    let isCurrent = true;
    let held = "";
    const check = async () => {
      const given = window.location.hash.slice(1);
      held = given;
      setSecret(given);
      const answer: SecretState = given === "" ? { status: "closed" } : await checkSetUpSecret(given).catch(() => UNREACHABLE);
      if (isCurrent && held === given) setState(answer);
    };
    const onHashChange = () => {
      // A jump within the page, to a field with an error or past the navigation, is no other link: the secret goes back into the address, for a reload.
      if (document.getElementById(window.location.hash.slice(1))) window.history.replaceState(window.history.state, "", `#${held}`);
      else void check();
    };
    void check();
    window.addEventListener("hashchange", onHashChange);
    return () => {
      isCurrent = false;
      window.removeEventListener("hashchange", onHashChange);
    };
  }, []);

  if (state.status === "open") return <SetUpForm secret={secret} places={state.places} />;
  if (state.status === "error")
    return (
      <main id="main">
        <ErrorState title={state.message} fix={state.fix ?? "Load the page again."} requestId={state.requestId || undefined} />
      </main>
    );
  if (state.status === "checking")
    return (
      <main id="main" className="pad-x pt-[18vh]">
        <h1 className="sr-only">Set-up</h1>
        <p role="status">Checking the link.</p>
      </main>
    );
  return (
    <MessagePage icon="key-round" title="There is nothing here">
      <p>
        If you came to set this installation up: the link is not complete, was used, or is older than 24 hours. The server prints a new one each time it starts.
      </p>
      <CliBox command="npm start" />
      <p className="text-ink-3">
        A set-up file does the same without a browser: <code>REEVE_SETUP_FILE=setup.json npm start</code>
      </p>
    </MessagePage>
  );
}

const UNREACHABLE: SecretState = {
  status: "error",
  message: "The server did not answer.",
  fix: "See whether it still runs, then load the page again.",
  requestId: "",
};
