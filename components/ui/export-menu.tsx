"use client";

import { buttonClass } from "./button";
import { Icon } from "./icon";
import { Menu, MenuLink } from "./menu";

const WORDS = { csv: "CSV, for a spreadsheet", jsonl: "JSONL, one entry a line" };

/** Takes what the filter shows as a file. `path` is the export's path with the filter in its search string. */
export function ExportMenu({ path, formats }: { path: string; formats: (keyof typeof WORDS)[] }) {
  const join = path.includes("?") ? "&" : "?";
  return (
    <Menu
      trigger={
        <button type="button" className={buttonClass()}>
          <Icon name="download" size={14} />
          Export
          <Icon name="chevron-down" size={13} />
        </button>
      }
    >
      {formats.map((format) => (
        <MenuLink key={format} href={`${path}${join}format=${format}`} download>
          {WORDS[format]}
        </MenuLink>
      ))}
    </Menu>
  );
}
