"use client";

import { useRouter } from "next/navigation";
import { Input } from "@/components/ui/field";

/** The whole list as it was at the end of a day. */
export function AsOf({ path, day }: { path: string; day: string | null }) {
  const router = useRouter();
  return (
    <label htmlFor="as-of" className="flex items-center gap-2 whitespace-nowrap text-meta text-ink-3">
      As of
      <Input
        id="as-of"
        type="date"
        defaultValue={day ?? ""}
        className="w-36 md:h-7! md:text-body!"
        onChange={(event) => router.push(event.target.value ? `${path}?at=${event.target.value}` : path)}
      />
    </label>
  );
}
