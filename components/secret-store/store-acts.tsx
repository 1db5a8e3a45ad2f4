"use client";

import { takeStoreAway, useForNewValues, verifyStoreNow } from "@/app/(console)/[workspace]/settings/secret-store/actions";
import { useTrial } from "@/components/provider/use-trial";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

/** Tries a store as it is, and shows what it said. */
function VerifyStore({ workspace, id, title }: { workspace: string; id: string; title: string }) {
  const { isOpen, isPending, result, error: failure, start, close } = useTrial(verifyStoreNow, { workspace, id });
  const error = failure ?? result?.error;
  return (
    <>
      <Button onClick={start}>Try it</Button>
      {isOpen && (
        <Dialog open title={`Try ${title}`} onClose={close}>
          {isPending ? (
            <p>Asking the store.</p>
          ) : (
            <Banner tone={error ? "fail" : "ok"} icon={error ? "triangle-alert" : "circle-check"}>
              {error ?? "The store is up and allows all that is needed."}
            </Banner>
          )}
        </Dialog>
      )}
    </>
  );
}

type Props = { workspace: string; id: string; title: string; isCurrent: boolean; isEmpty: boolean; mayMove: boolean };

/** What can be done with one outside store. */
export function StoreActs({ workspace, id, title, isCurrent, isEmpty, mayMove }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <VerifyStore workspace={workspace} id={id} title={title} />
      <ButtonLink href={`/${workspace}/settings/secret-store/${id}`}>Change</ButtonLink>
      {!isCurrent && <UseForNew workspace={workspace} storeId={id} title={title} />}
      {mayMove && <ButtonLink href={`/${workspace}/settings/secret-store/move?to=${id}`}>Move everything here…</ButtonLink>}
      {!isCurrent && isEmpty && (
        <ActionDialog
          label="Take away…"
          buttonLook="danger"
          title={`Take ${title} away`}
          action={takeStoreAway}
          hidden={{ workspace, id }}
          submit="Take the store away"
          look="danger"
          said={() => `Took ${title} away.`}
        >
          {() => <p>Nothing of this workspace lies in it. Reeve forgets its credentials; what is in the store itself stays as it is.</p>}
        </ActionDialog>
      )}
    </div>
  );
}

/** Makes a store the one that new values go to. */
export function UseForNew({ workspace, storeId, title }: { workspace: string; storeId: string; title: string }) {
  return (
    <ActionDialog
      label="Use for new values…"
      title={`New values go to ${title}`}
      action={useForNewValues}
      hidden={{ workspace, storeId }}
      submit="Use for new values"
      said={() => `New values go to ${title} from now on.`}
    >
      {() => <p>Secrets that are made or rotated from now on lie there. What lies elsewhere stays where it is and can be read as before.</p>}
    </ActionDialog>
  );
}
