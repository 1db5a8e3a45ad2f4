import { answerReady } from "@/lib/jobs/readiness";

/** What clients ask of the server URL they were given: like /api/health/ready, and the same for every workspace, there or not. */
export function GET(): Promise<Response> {
  return answerReady();
}

export const dynamic = "force-dynamic";
