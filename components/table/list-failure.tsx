import { buttonClass } from "@/components/ui/button";
import { RetryButton } from "@/components/ui/retry-button";
import { ErrorState } from "@/components/ui/states";

/** In the place of a list that could not be read: what happened, and the two ways on. `path` is the list without any filter. */
export function ListFailure({ failure, path }: { failure: { title: string; fix: string; requestId: string }; path: string }) {
  return (
    <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId}>
      <RetryButton />
      <a href={path} className={buttonClass("ghost")}>
        First page, no filters
      </a>
    </ErrorState>
  );
}
