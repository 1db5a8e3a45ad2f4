/** How a stop is meant, as the fields of a form. */
export function StopChoice() {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="sr-only">When it stops</legend>
      <StopWay value="true" title="After the steps that run now" text="They end in their own time; no other step begins." />
      <StopWay value="false" title="Now" text="Running steps are told to end with their next heartbeat; what they have not stored is lost." />
    </fieldset>
  );
}

function StopWay({ value, title, text }: { value: string; title: string; text: string }) {
  return (
    <label className="flex items-start gap-2.5">
      <input type="radio" name="isGraceful" value={value} defaultChecked={value === "true"} className="mt-1 accent-ink" />
      <span>
        <b className="text-ink">{title}</b>
        <span className="block text-meta text-ink-3">{text}</span>
      </span>
    </label>
  );
}
