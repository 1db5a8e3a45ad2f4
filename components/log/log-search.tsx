"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { isTyping } from "@/components/shell/keys";
import { IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { countWords } from "@/components/ui/time-words";
import type { LogSource, Step } from "./log-source";

const TYPING_MS = 250;

type Props = {
  source: LogSource;
  first: string;
  /** The line at the top: where a new search begins. */
  topLine: number;
  onSearch: (text: string) => void;
  onFound: (place: { line: number; row: number }) => void;
};

/** Finds a text in a log and steps through the matches: Enter or n, Shift+Enter or N. A long search goes on by itself and counts on. */
export function LogSearch({ source, first, topLine, onSearch, onFound }: Props) {
  const [text, setText] = useState(first);
  const [step, setStep] = useState<Step | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const asked = useRef<AbortController | null>(null);
  const at = useRef<number | null>(null);
  const top = useRef(topLine);
  top.current = topLine;

  const find = useCallback(
    async (wanted: string, isBackwards: boolean, from: number) => {
      asked.current?.abort();
      onSearch(wanted);
      if (wanted === "") return setStep(null);
      const mine = new AbortController();
      asked.current = mine;
      setFailed(false);
      const ask = async (found: Step["found"]): Promise<Step> => {
        const got: Step = await source.step(wanted, from, isBackwards, mine.signal);
        setStep({ ...got, found: found ?? got.found });
        return got;
      };
      const failed = () => mine.signal.aborted || setFailed(true);
      try {
        let got = await ask(null);
        while (!got.found && !got.isWhole) got = await ask(null);
        if (!got.found) return;
        const { found } = got;
        at.current = found.line;
        onFound(found);
        const countOn = async () => {
          while (!got.isWhole) got = await ask(found);
        };
        void countOn().catch(failed);
      } catch {
        failed();
      }
    },
    [source, onSearch, onFound],
  );
  const latest = useRef(find);
  latest.current = find;

  // What is typed is looked for from the top line on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new level is a new search
  useEffect(() => {
    const timer = setTimeout(() => void latest.current(text.trim(), false, Math.max(0, top.current - 1)), text ? TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [text, source]);
  useEffect(() => () => asked.current?.abort(), []);

  // One step after the other, however fast the key is pressed.
  const steps = useRef<Promise<void>>(Promise.resolve());
  const go = useCallback(
    (isBackwards: boolean) => {
      const wanted = text.trim();
      steps.current = steps.current.then(() => latest.current(wanted, isBackwards, at.current ?? Math.max(0, top.current - 1)));
    },
    [text],
  );
  useEffect(() => {
    if (text.trim() === "") return;
    // Before the page's own keys: while one searches, n is the next match.
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || (event.key !== "n" && event.key !== "N")) return;
      event.preventDefault();
      event.stopPropagation();
      go(event.key === "N");
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [text, go]);

  return (
    <search className="flex items-center gap-1 max-md:w-full">
      <div className="w-56 max-md:min-w-0 max-md:flex-1">
        <Input
          type="search"
          data-page-search
          value={text}
          maxLength={500}
          placeholder="Find in the log"
          aria-label="Find in the log"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            go(event.shiftKey);
          }}
        />
      </div>
      <IconButton icon="arrow-up" label="Previous match" disabled={!step || step.count === 0} onClick={() => go(true)} />
      <IconButton icon="arrow-down" label="Next match" disabled={!step || step.count === 0} onClick={() => go(false)} />
      <span role="status" className="text-meta text-ink-2 tabular-nums">
        {hasFailed ? "The search failed" : text.trim() !== "" && step ? words(step) : ""}
      </span>
    </search>
  );
}

function words({ count, found, isWhole, scanned }: Step): string {
  const all = `${countWords(count)}${isWhole ? "" : "+"}`;
  const place = found ? `${countWords(found.place)} of ${all}` : count === 0 && isWhole ? "No match" : all;
  return isWhole ? place : `${place}, at line ${countWords(scanned)}`;
}
