/** What the sign-in form knows after a try. */
export type SignInState =
  | { status: "idle" }
  | { status: "signed_in"; next: string }
  | { status: "wrong_pair"; requestId: string }
  | { status: "sso_required"; requestId: string }
  | { status: "throttled"; waitS: number; requestId: string }
  | { status: "deactivated"; endedAt: string | null; requestId: string }
  | { status: "error"; message: string; fix?: string; requestId: string };
