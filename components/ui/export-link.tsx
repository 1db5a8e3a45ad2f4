import { buttonClass } from "./button";
import { Icon } from "./icon";

/** Fetches what a list's filter shows as a CSV file. */
export function ExportLink({ href }: { href: string }) {
  return (
    <a href={href} download className={buttonClass("plain", "md", "max-md:border-transparent")} title="Export what this filter shows as CSV">
      <Icon name="download" size={14} />
      <span className="max-md:sr-only">Export</span>
    </a>
  );
}
