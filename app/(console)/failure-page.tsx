import { ConsolePage } from "@/components/shell/console-page";
import type { Crumb } from "@/components/shell/top-bar";
import { FailureState } from "@/components/ui/failure-state";
import type { Failure } from "./attempt";

/** A page whose thing could not be read. */
export function FailurePage({ crumbs, failure }: { crumbs: Crumb[]; failure: Failure }) {
  return (
    <ConsolePage crumbs={crumbs}>
      <FailureState failure={failure} />
    </ConsolePage>
  );
}
