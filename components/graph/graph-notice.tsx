import Link from "next/link";
import { Button } from "@/components/ui/button";

/** What stands where a run's graph will be: nothing for a moment, then that it is read, or why it can't be. Its steps are listed elsewhere too. */
export function GraphNotice({ failure, onRetry, outlineHref }: { failure: string | null; onRetry: () => void; outlineHref: string }) {
  const steps = (
    <Link className="link" href={outlineHref}>
      list of its steps
    </Link>
  );
  if (failure === null)
    return (
      <>
        <p className="late text-ink-3">Reading the run</p>
        <noscript>
          <p>This needs scripts. The {steps} does not.</p>
        </noscript>
      </>
    );
  return (
    <div role="alert">
      <p className="text-ink">
        The run’s steps can’t be read: {failure} The {steps} may help.
      </p>
      <Button className="mt-2" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
