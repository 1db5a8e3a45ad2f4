// What a server action gave back, as forms show it: the type is the kernel's, said again here as plain data.

export type FormState<R = unknown> =
  | { status: "idle" }
  | { status: "done"; result: R }
  | { status: "error"; code: string; message: string; fix?: string; fields?: Record<string, string>; requestId: string };

export type FormAction<R = unknown> = (previous: FormState<R>, form: FormData) => Promise<FormState<R>>;

/** Title and list of an ErrorSummary. `ids` are the fields of the form: messages for others are not links. */
export function summaryOf(
  state: FormState & { status: "error" },
  ids: ReadonlySet<string>,
): { title: string; errors: { field?: string; message: string }[]; requestId: string } {
  const fields = Object.entries(state.fields ?? {});
  if (fields.length === 0) return { title: [state.message, state.fix].filter(Boolean).join(" "), errors: [], requestId: state.requestId };
  return {
    title: "Nothing was saved yet. Mend these first:",
    errors: fields.map(([field, message]) => (ids.has(field) ? { field, message: `${words(field)}: ${message}` } : { message: `${words(field)}: ${message}` })),
    requestId: state.requestId,
  };
}

const words = (field: string) => {
  const text = field.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
