import { RetryButton } from "./retry-button";
import { ErrorState } from "./states";

/** What a page says where something could not be read: why, what to do, the request id, and one more try. */
export function FailureState({ failure: { title, fix, requestId } }: { failure: { title: string; fix: string; requestId: string } }) {
  return (
    <ErrorState title={title} fix={fix} requestId={requestId}>
      <RetryButton />
    </ErrorState>
  );
}
