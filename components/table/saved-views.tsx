"use client";

import { useState } from "react";
import { useShell } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { later, useLater } from "@/components/ui/layers";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { LinkTabs } from "@/components/ui/tabs";
import { listPlace, type SavedView } from "@/lib/saved-views/schema";
import type { Place } from "./saved-view-dialogs";
import { type ListDefinition, type ListView, readListView, viewSearch } from "./list-params";

// Saved views of any list: tabs above it (all, the list's own, shared, mine), and what one does with them. A view is a search string; it
// is current when the address says the same, whatever page or panel is open.

/** A view that a list brings itself: "Mine", "Failed this week". */
export type Preset = { label: string; filters: ListView["filters"]; count?: number };

/** The part of a list's address that a view keeps. */
export const keptSearch = (definition: ListDefinition, view: ListView): string =>
  viewSearch(definition, { ...view, after: undefined, countsAll: false, open: undefined, dropped: [] });

const dialogs = later(() => import("./saved-view-dialogs"));

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
  const forms = useLater(dialogs, isOpen || changed !== null);
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
      {isOpen && forms && <forms.SaveDialog place={place} search={search} mayShare={mayShare} sharer={sharer} onClose={() => setOpen(false)} />}
      {changed && forms && <forms.KeepDialog view={changed} query={search} onClose={() => setChanged(null)} />}
    </>
  );
}

/** What one does with the current view. */
function ViewMenu({ view }: { view: SavedView }) {
  const [asked, setAsked] = useState<"edit" | "delete" | null>(null);
  const forms = useLater(dialogs, asked !== null);
  const close = () => setAsked(null);
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
        <MenuItem onSelect={() => setAsked("edit")}>Rename or share</MenuItem>
        <MenuItem onSelect={() => setAsked("delete")}>Delete view</MenuItem>
      </Menu>
      {asked === "edit" && forms && <forms.EditDialog view={view} onClose={close} />}
      {asked === "delete" && forms && <forms.DeleteDialog view={view} onClose={close} />}
    </>
  );
}
