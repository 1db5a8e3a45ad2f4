import type { IconName } from "@/components/ui/icon";
import type { PaletteAnswer, PaletteKind } from "@/lib/palette/schema";
import type { Recent } from "./recent";
import { navGroups, sectionPath, type ShellData, type ShellWorkspace } from "./shell-data";

// What the palette lists, in its four groups. Pages and recent ones are known here; things and actions come from the server.

export type Entry = {
  id: string;
  label: string;
  note?: string;
  icon: IconName;
  href?: string;
  /** Does it here, instead of going somewhere. */
  run?: "key-map";
  /** The same as a command line. */
  command?: string | null;
  refusal?: string | null;
};
export type Group = { label: "Recent" | "Things" | "Go to" | "Do"; entries: Entry[] };

const ICONS: Record<PaletteKind, IconName> = {
  run: "circle-play",
  pipeline: "workflow",
  model: "box",
  artifact: "package",
  stack: "layers",
  component: "blocks",
  person: "user-round",
  "service-account": "bot",
  workspace: "layout-grid",
  role: "shield-check",
};
const WORDS: Partial<Record<PaletteKind, string>> = { "service-account": "service account" };

type Place = { data: ShellData; workspace: ShellWorkspace | undefined; pathname: string; project: string | undefined };

/** The groups for a text, without empty ones. */
export function paletteGroups(text: string, { data, workspace, pathname, project }: Place, recent: Recent[], answer: PaletteAnswer): Group[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (entry: Entry) => words.every((word) => `${entry.label} ${entry.note ?? ""}`.toLowerCase().includes(word));
  const pages: Entry[] = navGroups(data, workspace, pathname, project)
    .flatMap((group) => group.entries)
    .filter((entry) => !entry.isCurrent)
    .map((entry) => ({
      id: `go ${entry.href}`,
      label: entry.id === "settings" ? "Settings" : entry.label,
      note: workspace?.slug,
      icon: entry.icon,
      href: entry.href,
    }));
  if (workspace) pages.push({ id: `go /${workspace.slug}/jobs`, label: "Jobs", note: workspace.slug, icon: "list-checks", href: `/${workspace.slug}/jobs` });
  if (workspace)
    for (const entry of navGroups(data, undefined, pathname).flatMap((group) => group.entries))
      pages.push({ id: `go ${entry.href}`, label: entry.label, note: data.organization, icon: entry.icon, href: entry.href });
  pages.push({ id: "go /account", label: "My account", icon: "user-round", href: "/account" });
  if (words.length > 0)
    for (const other of data.workspaces.filter((known) => known.slug !== workspace?.slug && known.state === "active"))
      for (const entry of navGroups(data, other, "").flatMap((group) => group.entries))
        pages.push({ id: `go ${entry.href}`, label: entry.id === "settings" ? "Settings" : entry.label, note: other.slug, icon: entry.icon, href: entry.href });
  const runs = workspace?.sections.includes("runs") && words.length > 0 ? sectionPath(workspace, "runs", project) : undefined;
  const inRuns: Entry[] = runs
    ? [
        {
          id: "runs with",
          label: `Runs with “${text.trim()}” in their name`,
          icon: "list-filter",
          href: `${runs}?f=name~contains~${encodeURIComponent(text.trim().replaceAll(",", "\\,"))}`,
        },
      ]
    : [];
  const actions: Entry[] = answer.actions.map((action) => ({ ...action, id: `do ${action.id}`, icon: action.icon as IconName, note: workspace?.slug }));
  actions.push({ id: "do key-map", label: "Show the keyboard map", icon: "keyboard", run: "key-map" });
  const groups: Group[] = [
    {
      label: "Recent",
      entries: words.length === 0 ? recent.slice(0, 5).map((page) => ({ ...page, id: `recent ${page.href}`, note: page.href, icon: "history" as const })) : [],
    },
    {
      label: "Things",
      entries:
        words.length === 0
          ? []
          : answer.things.map((thing) => ({
              id: `${thing.kind} ${thing.id}`,
              label: thing.name,
              note: [WORDS[thing.kind] ?? thing.kind, thing.note, thing.kind === "workspace" ? "" : (thing.workspace ?? "")].filter(Boolean).join(", "),
              icon: ICONS[thing.kind],
              href: thing.href,
            })),
    },
    { label: "Go to", entries: [...pages.filter(fits).slice(0, words.length === 0 ? 12 : 8), ...inRuns] },
    { label: "Do", entries: actions.filter(fits) },
  ];
  return groups.filter((group) => group.entries.length > 0);
}
