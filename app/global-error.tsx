"use client";

import "./globals.css";

/** The last resort, when even the frame of the page failed. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Error · Reeve</title>
        <main className="pad-x mx-auto flex max-w-[528px] flex-col gap-3 pt-[18vh]">
          <h1 className="text-title">Something went wrong on the server</h1>
          <p>Try again; if it stays, give the number below to your administrator.</p>
          {error.digest && (
            <p className="text-meta text-ink-3">
              Error <code>{error.digest}</code>
            </p>
          )}
          <p>
            <button type="button" className="link" onClick={reset}>
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
