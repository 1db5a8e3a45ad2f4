"use client";

import { useState } from "react";
import { startSignOn } from "@/components/sso/start-sign-on";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import type { MySignOn } from "@/lib/sso/schema";

/** Which identity providers I sign in with, and a way to link one: signed in here is the proof that the account is mine. */
export function SignOnsSection({ signOns }: { signOns: readonly MySignOn[] }) {
  const [going, setGoing] = useState<string>();
  const [isFailed, setFailed] = useState(false);
  const link = (id: string) => {
    setGoing(id);
    setFailed(false);
    startSignOn(id, "/account", "link").catch(() => {
      setGoing(undefined);
      setFailed(true);
    });
  };
  return (
    <Section title="Single sign-on">
      <ul>
        {signOns.map(({ id, name, email, linkedAt, lastAt }) => (
          <li key={id} className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule py-1.5">
            <span className="font-medium text-ink">{name}</span>
            {linkedAt ? (
              <span className="text-ink-2">
                {email && <>{email}, </>}linked <Time at={linkedAt} />
                {lastAt && (
                  <>
                    , last used <Time at={lastAt} />
                  </>
                )}
              </span>
            ) : (
              <>
                <span className="text-ink-3">not linked</span>
                <span className="flex-1" />
                <Button onClick={() => link(id)} disabled={going !== undefined}>
                  {going === id ? "Going on" : `Link ${name}`}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {isFailed && (
        <p role="alert" className="mt-2 text-fail">
          The server could not be reached. Try again.
        </p>
      )}
    </Section>
  );
}
