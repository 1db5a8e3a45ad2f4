"use client";

import { useEffect, useState } from "react";
import { startSignOn } from "@/components/sso/start-sign-on";
import { Button } from "@/components/ui/button";
import { Said } from "./said";

/** For who comes from their provider's own list of applications: their sign-in begins by itself, in this browser. */
export function GoOn({ connection, next }: { connection: { id: string; name: string }; next: string }) {
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    startSignOn(connection.id, next).catch(() => setFailed(true));
  }, [connection.id, next]);
  return (
    <div className="mt-6 flex flex-col gap-4" aria-live="polite">
      {isFailed ? <Said>The server could not be reached. Try again.</Said> : <p>Going on with {connection.name}.</p>}
      <Button look="primary" size="lg" onClick={() => startSignOn(connection.id, next).catch(() => setFailed(true))}>
        Continue with {connection.name}
      </Button>
    </div>
  );
}
