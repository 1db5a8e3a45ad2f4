import { answerReady } from "@/lib/jobs/readiness";

/** The database answers and has this version's schema: a load balancer may send requests here. */
export function GET(): Promise<Response> {
  return answerReady();
}

export const dynamic = "force-dynamic";
