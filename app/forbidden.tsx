import type { Metadata } from "next";
import { RefusalPage } from "@/components/shell/late-pages";

export const metadata: Metadata = { title: "Not allowed" };

/** 403. Drawn with every page, before it is decided, so it costs nothing here: the browser asks what was refused. */
export default function Forbidden() {
  return <RefusalPage />;
}
