import "server-only";
import { cache } from "react";
import type { Place } from "./place";

/** The place of this request's page, once page() has resolved it: for controls that explain a refusal. One store per request. */
export const requestPlace = cache((): { current?: Place } => ({}));
