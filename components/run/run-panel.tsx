"use client";

import type { ReactNode } from "react";
import { keepPreference } from "@/components/shell/preferences";
import { useShell } from "@/components/shell/shell-context";
import { PANEL_WIDTH, panelWidth, SidePanel } from "@/components/ui/side-panel";

/** The run page's panel; its width is remembered for steps and for artifacts apart. */
export function RunPanel({ kind, label, fills, children }: { kind: "step" | "artifact"; label: string; fills: boolean; children: ReactNode }) {
  const { preferences } = useShell();
  return (
    <SidePanel
      key={kind}
      label={label}
      fills={fills}
      width={panelWidth(preferences.panels[kind] ?? PANEL_WIDTH.first)}
      onWidth={(width) => keepPreference(kind === "step" ? "stepPanel" : "artifactPanel", String(width))}
    >
      {children}
    </SidePanel>
  );
}
