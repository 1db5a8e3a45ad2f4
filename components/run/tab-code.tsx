"use client";

import dynamic from "next/dynamic";

// What only one tab of a run shows: drawn on the server like the rest, its code comes with that tab and not with every run.

export const LogViewer = dynamic(() => import("@/components/log/log-viewer").then((module) => module.LogViewer));
export const RunTimeline = dynamic(() => import("./run-timeline").then((module) => module.RunTimeline));
export const Visualizations = dynamic(() => import("@/components/artifact/visualizations").then((module) => module.Visualizations));
