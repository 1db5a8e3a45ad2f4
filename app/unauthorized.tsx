import { NothingHere } from "@/components/shell/late-pages";

/** Nothing of ours answers 401 (who isn't signed in goes to sign-in): without this file every page carries Next's own words for it, twice. */
export default function Unauthorized() {
  return <NothingHere />;
}
