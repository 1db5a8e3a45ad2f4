"use client";

import { type ReactNode, useState } from "react";
import { useClock } from "./clock";
import { Input } from "./field";
import { SelectField } from "./select-field";
import { dayEndIn, exactTime } from "./time-words";

const HOUR = 3_600_000;
const SPANS = [
  { value: "", label: "No end", ms: 0 },
  { value: "1h", label: "In an hour", ms: HOUR },
  { value: "1d", label: "Tomorrow", ms: 24 * HOUR },
  { value: "7d", label: "In a week", ms: 7 * 24 * HOUR },
  { value: "30d", label: "In 30 days", ms: 30 * 24 * HOUR },
  { value: "90d", label: "In 90 days", ms: 90 * 24 * HOUR },
  { value: "date", label: "On a day", ms: 0 },
] as const;

/** When something ends: a span from now, the end of a day, or never. Sends an ISO moment, or nothing. */
export function UntilField({
  id = "until",
  label = "Until",
  help,
  error,
  first = "",
  openLabel = "No end",
  canBeOpen = true,
}: {
  id?: string;
  label?: string;
  help?: ReactNode;
  error?: string | null;
  /** The choice at first. */
  first?: (typeof SPANS)[number]["value"];
  /** What it means that nothing is chosen. */
  openLabel?: string;
  canBeOpen?: boolean;
}) {
  const { zone } = useClock();
  const [span, setSpan] = useState<string>(first);
  const [day, setDay] = useState("");
  const [openedAt] = useState(() => Date.now());
  const chosen = SPANS.find((one) => one.value === span);
  const at = span === "date" ? dayEndIn(day, zone) : chosen?.ms ? new Date(openedAt + chosen.ms).toISOString() : "";
  return (
    <div className="flex flex-col gap-2">
      <SelectField
        id={id}
        name=""
        label={label}
        help={at ? `Ends by itself: ${exactTime(at, zone)}.` : help}
        error={error}
        value={span}
        onChange={(event) => setSpan(event.target.value)}
        choices={SPANS.filter((one) => canBeOpen || one.value !== "").map((one) => ({ value: one.value, label: one.value === "" ? openLabel : one.label }))}
      />
      {span === "date" && (
        <Input type="date" aria-label="Day" value={day} min={new Date(openedAt).toISOString().slice(0, 10)} onChange={(event) => setDay(event.target.value)} />
      )}
      <input type="hidden" name="until" value={at} />
    </div>
  );
}
