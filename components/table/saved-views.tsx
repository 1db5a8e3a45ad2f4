"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { changeView, removeView, saveViewOfList } from "@/app/(console)/views/actions";
import { useShell } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Icon } from "@/components/ui/icon";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { LinkTabs } from "@/components/ui/tabs";
import { useToast } from "@/components/ui/toast";
import { listPlace, type SavedView } from "@/lib/saved-views/schema";
import { type ListDefinition, type ListView, readListView, viewSearch } from "./list-params";

// Saved views of any list: tabs above it (all, the list's own, shared, mine), and what one does with them. A view is a search string; it
// is current when the address says the same, whatever page or panel is open.

/** A view that a list brings itself: "Mine", "Failed this week". */
export type Preset = { label: string; filters: ListView["filters"]; count?: number };

/** The part of a list's address that a view keeps. */
export const keptSearch = (definition: ListDefinition, view: ListView): string =>
  viewSearch(definition, { ...view, after: undefined, countsAll: false, open: undefined, dropped: [] });

type Place = { list: string; workspace: string | null; project: string | null };

/** The views of the list at a path, and which of them is current. */
export function useSavedViews(definition: ListDefinition, view: ListView, path: string) {
  const { data, workspace } = useShell();
  const place: Place = listPlace(
    path,
    data.workspaces.map((known) => known.slug),
  );
  const views = data.views.filter((known) => known.list === place.list && known.workspace === place.workspace && known.project === place.project);
  const search = keptSearch(definition, view);
  const canonical = (saved: SavedView) => keptSearch(definition, readListView(definition, parametersOf(saved.query)));
  const current = views.find((known) => canonical(known) === search);
  const sharer = place.workspace ? "Workspace Admin" : "System Admin";
  const mayShare = place.workspace ? (workspace?.sharesViews ?? false) : data.sharesViews;
  return { place, views, search, current, mayShare, sharer };
}

function parametersOf(query: string): Record<string, string[]> {
  const parameters: Record<string, string[]> = {};
  for (const [key, value] of new URLSearchParams(query)) parameters[key] = [...(parameters[key] ?? []), value];
  return parameters;
}

type Props = { definition: ListDefinition; view: ListView; path: string; noun: string; presets: readonly Preset[] };

/** The tabs; nothing while there is only one. */
export function ViewTabs({ definition, view, path, noun, presets }: Props) {
  const { views, search, current } = useSavedViews(definition, view, path);
  if (views.length === 0 && presets.length === 0) return null;
  const at = (filters: ListView["filters"]) => keptSearch(definition, { ...view, filters, matchesAny: false });
  const own = [{ label: `All ${noun}`, filters: [] }, ...presets].map(({ label, filters, ...more }) => ({
    href: `${path}${at(filters)}`,
    label,
    ...more,
    isCurrent: !current && at(filters) === search,
  }));
  const saved = views.map((known) => ({ href: `${path}${known.query}`, label: known.name, isShared: known.isShared, isCurrent: known === current }));
  return <LinkTabs label="Views" tabs={[...own, ...saved]} end={current && <ViewMenu key={current.id} view={current} />} endOnPhone />;
}

/** Saving what the list shows, when the address differs from every view; or keeping it in the view that was open. */
export function SaveView({ definition, view, path, presets }: Omit<Props, "noun">) {
  const { place, views, search, current, mayShare, sharer } = useSavedViews(definition, view, path);
  const [isOpen, setOpen] = useState(false);
  const [changed, setChanged] = useState<SavedView | null>(null);
  const router = useRouter();
  const toast = useToast();
  const isPreset = presets.some((preset) => keptSearch(definition, { ...view, filters: preset.filters, matchesAny: false }) === search);
  if (search === "" || current || isPreset) return null;
  const changeable = views.filter((known) => known.mayChange);
  return (
    <>
      {changeable.length > 0 ? (
        <Menu
          trigger={
            <Button look="ghost">
              Save view
              <Icon name="chevron-down" size={13} />
            </Button>
          }
        >
          <MenuItem onSelect={() => setOpen(true)}>As a new view</MenuItem>
          <MenuSeparator />
          {changeable.map((known) => (
            <MenuItem key={known.id} onSelect={() => setChanged(known)}>
              In “{known.name}”
            </MenuItem>
          ))}
        </Menu>
      ) : (
        <Button look="ghost" onClick={() => setOpen(true)}>
          Save view
        </Button>
      )}
      <FormDialog
        open={isOpen}
        title="Save view"
        action={saveViewOfList}
        hidden={{ list: place.list, query: search, ...(place.workspace && { workspace: place.workspace }), ...(place.project && { project: place.project }) }}
        submit="Save view"
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          toast("View saved");
          router.refresh();
        }}
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
      {changed && <KeepDialog view={changed} query={search} onClose={() => setChanged(null)} />}
    </>
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

function KeepDialog({ view, query, onClose }: { view: SavedView; query: string; onClose: () => void }) {
  const router = useRouter();
  const toast = useToast();
  return (
    <FormDialog
      open
      title={`Save in “${view.name}”`}
      action={changeView}
      hidden={{ ...hiddenOf(view), query }}
      submit="Save in this view"
      onClose={onClose}
      onDone={() => {
        onClose();
        toast("View changed");
        router.refresh();
      }}
    >
      {() => <p>The view then keeps these filters, this sorting and these columns{view.isShared ? ", for everybody who uses it" : ""}.</p>}
    </FormDialog>
  );
}

/** What one does with the current view. */
function ViewMenu({ view }: { view: SavedView }) {
  const { data, workspace } = useShell();
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const router = useRouter();
  const toast = useToast();
  const mayShare = view.workspace ? (workspace?.sharesViews ?? false) : data.sharesViews;
  const close = () => setDialog(null);
  const done = (text: string) => () => {
    close();
    toast(text);
    router.refresh();
  };
  if (!view.mayChange) return <span>Shared view</span>;
  return (
    <>
      <Menu
        trigger={
          <Button look="ghost">
            View
            <Icon name="chevron-down" size={13} />
          </Button>
        }
      >
        <MenuItem onSelect={() => setDialog("edit")}>Rename or share</MenuItem>
        <MenuItem onSelect={() => setDialog("delete")}>Delete view</MenuItem>
      </Menu>
      <FormDialog
        open={dialog === "edit"}
        title={`View “${view.name}”`}
        action={changeView}
        hidden={hiddenOf(view)}
        submit="Save"
        onClose={close}
        onDone={done("View changed")}
      >
        {(errorOf) => (
          <>
            <TextField id="name" label="Name" defaultValue={view.name} maxLength={100} autoComplete="off" error={errorOf("name")} />
            <input type="hidden" name="isShared" value="" />
            <SharedField mayShare={mayShare} sharer={view.workspace ? "Workspace Admin" : "System Admin"} isShared={view.isShared} />
          </>
        )}
      </FormDialog>
      <FormDialog
        open={dialog === "delete"}
        title={`Delete the view “${view.name}”`}
        action={removeView}
        hidden={{ id: view.id, ...(view.workspace && { workspace: view.workspace }) }}
        submit="Delete view"
        look="danger"
        onClose={close}
        onDone={done("View deleted")}
      >
        {() => <p>{view.isShared ? "It goes for everybody who uses it. " : ""}The list itself and what it shows stay as they are.</p>}
      </FormDialog>
    </>
  );
}
