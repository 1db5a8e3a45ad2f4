"use client";

import { useRouter } from "next/navigation";
import { changeView, removeView, saveViewOfList } from "@/app/(console)/views/actions";
import { useShell } from "@/components/shell/shell-context";
import { TextField } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Icon } from "@/components/ui/icon";
import { useToast } from "@/components/ui/toast";
import type { SavedView } from "@/lib/saved-views/schema";

// The forms of saved views; fetched after the list.

export type Place = { list: string; workspace: string | null; project: string | null };
type Opened = { onClose: () => void };

/** Closes, says what was done, and draws the page again. */
function useDone(onClose: () => void) {
  const router = useRouter();
  const toast = useToast();
  return (text: string) => () => {
    onClose();
    toast(text);
    router.refresh();
  };
}

/** Saves what the list shows as a new view. */
export function SaveDialog({ place, search, mayShare, sharer, onClose }: Opened & { place: Place; search: string; mayShare: boolean; sharer: string }) {
  const done = useDone(onClose);
  return (
    <FormDialog
      open
      title="Save view"
      action={saveViewOfList}
      hidden={{ list: place.list, query: search, ...(place.workspace && { workspace: place.workspace }), ...(place.project && { project: place.project }) }}
      submit="Save view"
      onClose={onClose}
      onDone={done("View saved")}
    >
      {(errorOf) => (
        <>
          <TextField
            id="name"
            label="Name"
            maxLength={100}
            autoComplete="off"
            error={errorOf("name")}
            help="Filters, sorting and columns are kept under this name."
          />
          <SharedField mayShare={mayShare} sharer={sharer} />
        </>
      )}
    </FormDialog>
  );
}

function SharedField({ mayShare, sharer, isShared = false }: { mayShare: boolean; sharer: string; isShared?: boolean }) {
  return (
    <div>
      <label className="flex min-h-8 items-center gap-2.5 text-ink has-disabled:text-ink-3">
        <input type="checkbox" name="isShared" value="true" defaultChecked={isShared} disabled={!mayShare && !isShared} className="size-4 accent-ink" />
        {mayShare || isShared ? null : <Icon name="lock" size={14} />}
        Shared with everybody who may read this list
      </label>
      {!mayShare && <p className="text-meta text-ink-3">A {sharer} shares views.</p>}
    </div>
  );
}

const hiddenOf = (view: SavedView) => ({ id: view.id, updatedAt: view.updatedAt, ...(view.workspace && { workspace: view.workspace }) });

/** Keeps what the list shows in a view that is there. */
export function KeepDialog({ view, query, onClose }: Opened & { view: SavedView; query: string }) {
  const done = useDone(onClose);
  return (
    <FormDialog
      open
      title={`Save in “${view.name}”`}
      action={changeView}
      hidden={{ ...hiddenOf(view), query }}
      submit="Save in this view"
      onClose={onClose}
      onDone={done("View changed")}
    >
      {() => <p>The view then keeps these filters, this sorting and these columns{view.isShared ? ", for everybody who uses it" : ""}.</p>}
    </FormDialog>
  );
}

/** Another name of a view, or who sees it. */
export function EditDialog({ view, onClose }: Opened & { view: SavedView }) {
  const { data, workspace } = useShell();
  const done = useDone(onClose);
  const mayShare = view.workspace ? (workspace?.sharesViews ?? false) : data.sharesViews;
  return (
    <FormDialog open title={`View “${view.name}”`} action={changeView} hidden={hiddenOf(view)} submit="Save" onClose={onClose} onDone={done("View changed")}>
      {(errorOf) => (
        <>
          <TextField id="name" label="Name" defaultValue={view.name} maxLength={100} autoComplete="off" error={errorOf("name")} />
          <input type="hidden" name="isShared" value="" />
          <SharedField mayShare={mayShare} sharer={view.workspace ? "Workspace Admin" : "System Admin"} isShared={view.isShared} />
        </>
      )}
    </FormDialog>
  );
}

export function DeleteDialog({ view, onClose }: Opened & { view: SavedView }) {
  const done = useDone(onClose);
  return (
    <FormDialog
      open
      title={`Delete the view “${view.name}”`}
      action={removeView}
      hidden={{ id: view.id, ...(view.workspace && { workspace: view.workspace }) }}
      submit="Delete view"
      look="danger"
      onClose={onClose}
      onDone={done("View deleted")}
    >
      {() => <p>{view.isShared ? "It goes for everybody who uses it. " : ""}The list itself and what it shows stay as they are.</p>}
    </FormDialog>
  );
}
