import { twentyRuns } from "../twenty-runs";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  return Response.json(await twentyRuns());
}
