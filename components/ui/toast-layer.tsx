"use client";

import { Toast as Radix } from "radix-ui";

const SHOWN_MS = 5000;

/** The note on the page. Its code comes with the first one (toast.tsx). */
export function ToastLayer({ note, onEnd }: { note: { text: string; id: number } | null; onEnd: () => void }) {
  return (
    <Radix.Provider duration={SHOWN_MS} label="Note">
      {note && (
        <Radix.Root
          key={note.id}
          onOpenChange={(open) => !open && onEnd()}
          className="animate-rise rounded-2 border border-rule-strong bg-paper px-4 py-2.5 text-ink shadow-pop"
        >
          <Radix.Description>{note.text}</Radix.Description>
        </Radix.Root>
      )}
      <Radix.Viewport className="fixed bottom-4 left-4 z-50 max-w-[calc(100vw-32px)] outline-none" />
    </Radix.Provider>
  );
}
