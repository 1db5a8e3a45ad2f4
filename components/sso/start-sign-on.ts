/**
 * Sends the browser to a connection's identity provider; `next` is a path of ours. `test`: a dry run; `link`: adds the identity to the signed-in
 * account. Resolves when the browser is on its way; throws when the server can't be reached.
 */
export async function startSignOn(connectionId: string, next: string, mode: "sign_in" | "test" | "link" = "sign_in", email?: string): Promise<void> {
  const { csrfToken } = await answerOf<{ csrfToken: string }>(await fetch("/api/auth/csrf"));
  const query = new URLSearchParams({ tenant: connectionId, mode, ...(email ? { login_hint: email } : {}) });
  const body = new URLSearchParams({ csrfToken, callbackUrl: next, json: "true" });
  const { url } = await answerOf<{ url: string }>(await fetch(`/api/auth/signin/reeve?${query}`, { method: "POST", body }));
  window.location.assign(url);
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error("The server did not begin the sign-in.");
  return response.json();
}
