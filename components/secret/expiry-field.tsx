"use client";

import { TextField } from "@/components/ui/field";

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

/** The end of the chosen day where the person is, as a moment; empty when none is chosen. */
export const endOfDay = (day: string): string => (day ? new Date(`${day}T23:59:59`).toISOString() : "");
