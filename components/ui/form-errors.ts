import type { FormState } from "./form-dialog";

/** Title and list of an ErrorSummary for a form of a page. `ids` are its fields: messages about others are not links. */
export function summaryOf<R>(
  state: FormState<R> & { status: "error" },
  ids: ReadonlySet<string>,
): { title: string; errors: { field?: string; message: string }[]; requestId: string } {
  const fields = Object.entries(state.fields ?? {});
  if (fields.length === 0) return { title: [state.message, state.fix].filter(Boolean).join(" "), errors: [], requestId: state.requestId };
  return {
    title: "Nothing was saved yet. Mend these first:",
    errors: fields.map(([field, message]) => ({ ...(ids.has(field) ? { field } : {}), message: `${words(field)}: ${message}` })),
    requestId: state.requestId,
  };
}

const words = (field: string) => {
  const text = field.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
