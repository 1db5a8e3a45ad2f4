"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { startSignOn } from "./start-sign-on";
import { ssoPath } from "./steps";

/** Sends this browser to the identity provider for a test login. */
export function StartTest({ connectionId, slug, isAgain }: { connectionId: string; slug: string; isAgain: boolean }) {
  const [state, setState] = useState<"ready" | "going" | "failed">("ready");
  return (
    <>
      {state === "failed" && (
        <span role="alert" className="text-meta text-fail">
          The server did not begin the test. Try again.
        </span>
      )}
      <Button
        size="lg"
        look={isAgain ? "plain" : "primary"}
        icon="log-in"
        disabled={state === "going"}
        onClick={() => {
          setState("going");
          startSignOn(connectionId, ssoPath(slug, "test"), "test").catch(() => setState("failed"));
        }}
      >
        {isAgain ? "Test again" : "Start the test login"}
      </Button>
    </>
  );
}
