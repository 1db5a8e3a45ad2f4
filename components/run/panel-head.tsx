import type { ReactNode } from "react";
import { Icon, type IconName } from "@/components/ui/icon";
import { IconLink } from "@/components/ui/icon-link";

type Props = { icon: IconName; title: string; beside: ReactNode; previous: string | null; next: string | null; page: string | null; close: string };

/** The head of a panel: what it shows, its neighbours, its own page, and the way out. */
export function PanelHead({ icon, title, beside, previous, next, page, close }: Props) {
  return (
    <div className="flex items-center gap-2 pad-x pt-3.5">
      <Icon name={icon} size={15} className="text-ink-3" />
      <h2 className="min-w-0 truncate text-section" title={title}>
        {title}
      </h2>
      {beside}
      <span className="ml-auto flex shrink-0">
        <IconLink icon="arrow-up" label="Before it ([)" href={previous} />
        <IconLink icon="arrow-down" label="After it (])" href={next} />
        {page && <IconLink icon="link" label="Open as page" href={page} />}
        <IconLink icon="x" label="Close (Esc)" href={close} />
      </span>
    </div>
  );
}
