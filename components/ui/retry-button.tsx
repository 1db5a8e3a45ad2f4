"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "./button";

/** Asks the server for this page again. */
export function RetryButton() {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  return (
    <Button icon="rotate-cw" disabled={isPending} onClick={() => startTransition(() => router.refresh())}>
      Try again
    </Button>
  );
}
