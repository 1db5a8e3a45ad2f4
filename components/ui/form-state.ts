/** What a server action of ours gives back: nothing yet, a result, or what went wrong and what to do. */
export type FormState<R = unknown> =
  | { status: "idle" }
  | { status: "done"; result: R }
  | { status: "error"; code: string; message: string; fix?: string; fields?: Record<string, string>; requestId: string };

export type FormAction<R> = (previous: FormState<R>, form: FormData) => Promise<FormState<R>>;
