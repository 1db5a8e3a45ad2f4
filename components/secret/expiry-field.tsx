"use client";

import { useState } from "react";
import { useClock } from "@/components/ui/clock";
import { TextField } from "@/components/ui/field";
import { dayEndIn, fieldTime } from "@/components/ui/time-words";

/** The day by which a secret is to be rotated. Nothing ends by itself: what is behind the value decides that. */
export function ExpiryField({ day, onDay, help, error }: { day: string; onDay: (day: string) => void; help: string; error?: string }) {
  return (
    <TextField
      id="expiresAt"
      name="ui-expires"
      type="date"
      label="Expires"
      optional
      help={help}
      error={error}
      value={day}
      onChange={(event) => onDay(event.target.value)}
      className="max-w-56"
    />
  );
}

/** What is chosen in it; `at` is the end of that day by the person's clocks, what is stored where nothing was changed, empty for no day. */
export function useExpiry(stored?: string | null) {
  const { zone } = useClock();
  const first = stored ? fieldTime(stored, zone).slice(0, 10) : "";
  const [day, onDay] = useState(first);
  return { field: { day, onDay }, at: stored && day === first ? stored : dayEndIn(day, zone) };
}
