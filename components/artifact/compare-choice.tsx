import { Button } from "@/components/ui/button";
import type { Rail } from "@/lib/artifacts/row-schema";
import { versionWord } from "./words";

/** Asks which version to compare with; the nearest are suggested, any other can be written. */
export function CompareChoice({ open, other, rail, path }: { open: string; other: string | null; rail: Rail; path: string }) {
  return (
    <form action={path} className="mb-4 flex flex-wrap items-center gap-2">
      <input type="hidden" name="tab" value="compare" />
      <label htmlFor="compare-with">Compare {versionWord(open)} with</label>
      <input
        id="compare-with"
        name="with"
        list="versions-near"
        defaultValue={other ?? ""}
        placeholder="a version"
        autoComplete="off"
        className="h-8 w-48 rounded-1 border border-control bg-paper px-2.5 text-ink placeholder:text-ink-3 max-md:h-11 max-md:text-[16px]"
      />
      <datalist id="versions-near">
        {rail.versions
          .filter((one) => one.version !== open)
          .map((one) => (
            <option key={one.id} value={one.version} />
          ))}
      </datalist>
      <Button type="submit">Compare</Button>
    </form>
  );
}
