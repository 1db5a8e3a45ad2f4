"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";

/** A question in words whose answer has an address of its own: the fields become the search string. */
export function SentenceForm({ path, submit, children }: { path: string; submit: string; children: ReactNode }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  return (
    <form
      className={cx("pad-x flex flex-wrap items-end gap-3 border-b border-rule py-4", isPending && "opacity-60")}
      onSubmit={(event) => {
        event.preventDefault();
        const search = new URLSearchParams();
        for (const [name, value] of new FormData(event.currentTarget)) if (typeof value === "string" && value !== "") search.set(name, value);
        startTransition(() => router.push(`${path}?${search}`));
      }}
    >
      {children}
      <Button type="submit" look="primary" className="h-9">
        {submit}
      </Button>
    </form>
  );
}
