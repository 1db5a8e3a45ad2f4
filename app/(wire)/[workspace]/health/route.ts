/** What clients ask of the server URL they were given: like /api/health, and the same for every workspace, there or not. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
}

export const dynamic = "force-dynamic";
