import { Icon } from "@/components/ui/icon";
import { RESOURCES } from "@/lib/authz/permissions";

const COMMON = ["read", "create", "update", "delete"];

/** Resource × action: a dot for any, "own" for what one made, a dash for nothing. Rows without any right are left out when asked. */
export function RightsMatrix({
  label,
  rights,
  against,
  onlyHeld = false,
}: {
  label: string;
  rights: Record<string, string>;
  /** Another role's rights: what differs is marked. */
  against?: Record<string, string>;
  onlyHeld?: boolean;
}) {
  const nouns = Object.entries(RESOURCES).filter(
    ([noun, resource]) => !onlyHeld || resource.actions.some((verb) => rights[`${noun}:${verb}`] || against?.[`${noun}:${verb}`]),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways and must be reachable by key
    <section aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table className="w-full max-w-[960px] border-separate border-spacing-0">
        <thead>
          <tr>
            {["Resource", ...COMMON, "More"].map((head) => (
              <th
                key={head}
                scope="col"
                className="h-[30px] border-b border-rule-strong pr-4 text-left text-label whitespace-nowrap text-ink-3 first-letter:uppercase"
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nouns.map(([noun, resource]) => (
            <tr key={noun} className="hover:bg-hover">
              <th scope="row" className="h-(--row) border-b border-rule pr-4 text-left font-normal text-ink" title={noun}>
                {resource.title}
              </th>
              {COMMON.map((verb) => (
                <td key={verb} className="border-b border-rule pr-4">
                  {(resource.actions as readonly string[]).includes(verb) ? <Right {...{ noun, verb, rights, against }} /> : null}
                </td>
              ))}
              <td className="border-b border-rule">
                <span className="flex flex-wrap gap-x-4">
                  {resource.actions
                    .filter((verb) => !COMMON.includes(verb))
                    .map((verb) => (
                      <span key={verb} className="inline-flex items-center gap-1 whitespace-nowrap">
                        <span className="text-ink-3">{verb.replaceAll("-", " ")}</span> <Right {...{ noun, verb, rights, against }} />
                      </span>
                    ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Right({ noun, verb, rights, against }: { noun: string; verb: string; rights: Record<string, string>; against?: Record<string, string> }) {
  const key = `${noun}:${verb}`;
  const held = rights[key];
  const other = against?.[key];
  const word =
    held === "any" ? (
      <>
        <span aria-hidden="true" className="text-ink">
          ●
        </span>
        <span className="sr-only">yes</span>
      </>
    ) : held === "own" ? (
      <span className="text-ink">own</span>
    ) : (
      <span className="text-ink-3">–</span>
    );
  if (!against || held === other) return word;
  return (
    <span className="inline-flex items-center gap-1 rounded-1 bg-warn-soft px-1 underline decoration-2">
      {word}
      <span className="text-meta text-ink-2">not {other === "any" ? "●" : (other ?? "–")}</span>
      <Icon name="file-diff" size={12} label="differs" className="text-warn" />
    </span>
  );
}
