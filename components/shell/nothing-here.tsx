import { ButtonLink } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/states";

/** 404: never tells absence from denial. */
export function NothingHere() {
  return (
    <MessagePage icon="search" title="There is nothing here for you">
      <p className="max-w-[60ch]">
        Either this address names nothing, or your roles do not let you see what it names. Somebody who gave you the link may know which; your administrator can
        give you access.
      </p>
      <div>
        <ButtonLink href="/" icon="house">
          Home
        </ButtonLink>
      </div>
    </MessagePage>
  );
}
