"use client";

import { Button, ButtonLink } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { MessagePage } from "@/components/ui/states";

/** 500: what happened, what to do, and the number under which the server wrote it down. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <MessagePage icon="circle-alert" title="Something went wrong on the server">
      <p className="max-w-[60ch]">Nothing that you entered was changed by this. Try again; if it stays, give the number below to your administrator.</p>
      {error.digest && (
        <p className="flex items-center gap-1.5 text-meta text-ink-3">
          Error <code className="text-ink-2">{error.digest}</code>
          <CopyButton text={error.digest} label="Copy error number" />
        </p>
      )}
      <div className="flex gap-2">
        <Button icon="rotate-cw" look="primary" onClick={reset}>
          Try again
        </Button>
        <ButtonLink href="/" icon="house">
          Home
        </ButtonLink>
      </div>
    </MessagePage>
  );
}
