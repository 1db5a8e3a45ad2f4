"use client";

import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { describedBy, Field, Textarea } from "@/components/ui/field";
import { counted } from "@/components/ui/time-words";
import { splitPaste } from "./split-paste";

/** Takes a .env file or a JSON object, gives its pairs, and holds nothing of it afterwards. */
export function PasteBox({ onPairs }: { onPairs: (pairs: [string, string][]) => void }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState<{ done?: string; error?: string }>({});
  const split = (text: string) => {
    const pairs = splitPaste(text);
    if (box.current) box.current.value = "";
    if (!pairs) return setSaid({ error: "This is neither lines of KEY=value nor a JSON object. It was cleared." });
    onPairs(pairs);
    setSaid({ done: `Split into ${counted(pairs.length, "key")}, and cleared.` });
  };
  return (
    <details className="border-t border-rule pt-3">
      <summary className="cursor-pointer text-body font-medium text-ink">Paste a .env file or JSON</summary>
      <div className="mt-3 flex flex-col items-start gap-2 [&>div]:w-full">
        <Field id="paste" label="Lines of KEY=value, or a JSON object" help="It is split here, in your browser, and cleared at once." error={said.error}>
          <Textarea
            ref={box}
            id="paste"
            name="ui-paste"
            className="font-mono text-mono"
            autoComplete="off"
            spellCheck={false}
            onPaste={(event) => {
              event.preventDefault();
              split(event.clipboardData.getData("text"));
            }}
            {...describedBy("paste", true, said.error)}
          />
        </Field>
        <Button onClick={() => split(box.current?.value ?? "")}>Split into keys</Button>
        <p aria-live="polite" className="text-meta text-ink-2">
          {said.done}
        </p>
      </div>
    </details>
  );
}
