import { cx } from "@/components/ui/class-names";
import { NotRecorded } from "@/components/ui/evidence";
import { Section } from "@/components/ui/page-head";
import { countWords } from "@/components/ui/time-words";
import type { VersionFacts } from "@/lib/artifacts/row-schema";
import { type Compared, compareFacts } from "./compare-facts";
import { versionWord } from "./words";

const SIGNS = { equal: "=", differs: "≠", "not recorded": "?" } as const;

/** Two versions side by side: what differs first, then what is not recorded on a side, then what is equal. */
export function VersionCompare({ left, right }: { left: VersionFacts; right: VersionFacts }) {
  const rows = compareFacts(left, right);
  const of = (state: Compared["state"]) => rows.filter((row) => row.state === state);
  const groups = [
    { title: "Differs", rows: of("differs"), none: "Nothing that is recorded on both sides differs." },
    { title: "Not recorded on a side", rows: of("not recorded"), none: null },
    { title: "Equal", rows: of("equal"), none: "Nothing is equal." },
  ];
  return groups.map(
    (group) =>
      (group.rows.length > 0 || group.none) && (
        <Section key={group.title} title={group.title} count={countWords(group.rows.length)}>
          {group.rows.length > 0 ? <Table title={group.title} rows={group.rows} left={left} right={right} /> : <p className="text-ink-3">{group.none}</p>}
        </Section>
      ),
  );
}

function Table({ title, rows, left, right }: { title: string; rows: Compared[]; left: VersionFacts; right: VersionFacts }) {
  const head = "h-[30px] border-b border-rule-strong pr-4 text-left text-label text-ink-3";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways and must be reachable by key
    <section aria-label={title} tabIndex={0} className="overflow-x-auto">
      <table className="w-full min-w-[520px] table-fixed border-separate border-spacing-0">
        <thead>
          <tr>
            <th scope="col" className={cx(head, "w-44")}>
              Fact
            </th>
            <th scope="col" className={head}>
              {versionWord(left.version)}
            </th>
            <th scope="col" className={cx(head, "w-8")}>
              <span className="sr-only">Agree</span>
            </th>
            <th scope="col" className={head}>
              {versionWord(right.version)}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.group} ${row.label}`} className="align-top">
              <th scope="row" className="border-b border-rule py-1.5 pr-4 text-left font-normal break-words text-ink-2">
                {row.group === "metadata" ? <code>{row.label}</code> : row.label}
              </th>
              <Value
                text={row.left}
                isMono={row.group === "metadata" || row.label === "Content digest" || row.label === "URI"}
                differs={row.state === "differs"}
              />
              <td className={cx("border-b border-rule py-1.5 text-center", row.state === "differs" ? "text-warn" : "text-ink-3")}>
                <span aria-hidden="true">{SIGNS[row.state]}</span>
                <span className="sr-only">{row.state}</span>
              </td>
              <Value
                text={row.right}
                isMono={row.group === "metadata" || row.label === "Content digest" || row.label === "URI"}
                differs={row.state === "differs"}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ text, isMono, differs }: { text: string | null; isMono: boolean; differs: boolean }) {
  return (
    <td className={cx("border-b border-rule py-1.5 pr-4 break-words", differs ? "text-ink" : "text-ink-2")}>
      {text === null ? <NotRecorded isPlain /> : isMono ? <code className="break-all">{text}</code> : text}
    </td>
  );
}
