import { ConsolePage } from "@/components/shell/console-page";
import type { Crumb } from "@/components/shell/top-bar";
import { ListFailure } from "@/components/table/list-failure";
import { FailureState } from "@/components/ui/failure-state";
import type { Failure } from "./attempt";

/** A page whose thing could not be read. `listPath`: of a page with a list, its address without filters, which may be at fault. */
export function FailurePage({ crumbs, failure, listPath }: { crumbs: Crumb[]; failure: Failure; listPath?: string }) {
  return <ConsolePage crumbs={crumbs}>{listPath ? <ListFailure failure={failure} path={listPath} /> : <FailureState failure={failure} />}</ConsolePage>;
}
