/** The process answers. Says nothing about the database, so that a database that is away doesn't get the web server killed. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } });
}

export const dynamic = "force-dynamic";
