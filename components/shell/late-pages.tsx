"use client";

import { lazy } from "react";

// Every page carries what stands in its place when it is refused or isn't there. Here are only the names: what they draw is loaded when
// it is drawn, and is no part of each page's first script.

const Missing = lazy(() => import("./nothing-here").then(({ NothingHere }) => ({ default: NothingHere })));
const Refused = lazy(() => import("@/components/access/refusal-page").then(({ RefusalPage }) => ({ default: RefusalPage })));

/** 404: never tells absence from denial. */
export function NothingHere() {
  return <Missing />;
}

/** 403, with what was refused and how to ask for it. */
export function RefusalPage() {
  return <Refused />;
}
