import Link from "next/link";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { AlarmingDirectory } from "@/lib/directories/schema";
import { directoryPath, holdPath } from "./lists";

/** On the home page: the directories that need a person. */
export function DirectoryAlarms({ directories }: { directories: readonly AlarmingDirectory[] }) {
  return (
    <Section title="Needs a person" count={countWords(directories.length)}>
      <ul>
        {directories.map(({ id, name, holdId, heldAt, lastEventAt }) => (
          <li key={id} className="flex min-h-9 items-center gap-2.5 border-b border-rule py-1">
            <span className="text-warn">
              <Icon name={holdId ? "hand" : "unplug"} />
            </span>
            <span className="min-w-0 flex-1">
              {holdId ? `${name} would end the access of many people at once: held` : `The directory ${name} is silent: last heard`}{" "}
              <Time at={(holdId ? heldAt : lastEventAt) ?? ""} />
            </span>
            <Link href={holdId ? holdPath(id, holdId) : directoryPath(id)} className="inline-flex min-h-6 items-center underline">
              {holdId ? "Decide" : "Look"}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
