import type { ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { Banners } from "./banners";
import { type Crumb, TopBar } from "./top-bar";

/**
 * One page of the console: top bar and main. `fills` gives a list or a split view the height of the window, so that it
 * scrolls inside and its head and foot stay; on a phone the document always scrolls.
 */
export function ConsolePage({ crumbs, fills = false, children }: { crumbs: Crumb[]; fills?: boolean; children: ReactNode }) {
  return (
    <div className={cx("flex min-h-dvh min-w-0 flex-1 flex-col", fills && "md:h-dvh")}>
      <TopBar crumbs={crumbs} />
      <Banners />
      <main id="main" tabIndex={-1} className={cx("flex min-h-0 flex-1 flex-col bg-paper outline-none", fills && "md:overflow-y-auto")}>
        {children}
      </main>
    </div>
  );
}
