"use client";

import { useParams, usePathname } from "next/navigation";
import { createContext, type ReactNode, useContext } from "react";
import type { ShellState } from "@/lib/organizations/schema";
import type { Preferences } from "./preferences";
import type { ShellData, ShellWorkspace } from "./shell-data";
import { useShellState } from "./use-shell-state";

type Shell = { data: ShellData; preferences: Preferences; state: ShellState; refresh: () => void };
const ShellContext = createContext<Shell | null>(null);

/** `state` is what the page was drawn with; it is asked for again from time to time. */
export function ShellProvider({ data, preferences, state: first, children }: Omit<Shell, "refresh"> & { children: ReactNode }) {
  const { state, refresh } = useShellState(first);
  return <ShellContext.Provider value={{ data, preferences, state, refresh }}>{children}</ShellContext.Provider>;
}

/** The shell's data and the place that the URL names: the workspace (if the person may see it) and the project. */
export function useShell(): Shell & { pathname: string; workspace: ShellWorkspace | undefined; project: string | undefined } {
  const shell = useContext(ShellContext);
  const pathname = usePathname();
  const params = useParams<{ workspace?: string; project?: string }>();
  if (!shell) throw new Error("useShell needs a ShellProvider above it.");
  return {
    ...shell,
    pathname,
    workspace: shell.data.workspaces.find((workspace) => workspace.slug === params.workspace),
    project: params.project && decodeURIComponent(params.project),
  };
}
