/** Run once by each process of the web server. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { keepUnlocked } = await import("@/lib/master-key/outside-keys");
  keepUnlocked();
}
