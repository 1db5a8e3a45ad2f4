import "server-only";
import { sql } from "kysely";
import { newId } from "@/lib/kernel/id";
import { inScope } from "@/lib/kernel/transaction";

// The log of what a directory asked: what it sent, without values that are secret, and what it got. The worker sweeps what is older than 30 days.

export type NotedRequest = {
  directoryId: string;
  method: string;
  /** The path and query below the directory's endpoint. */
  subject: string;
  status: number;
  durationMs: number;
  /** Of a refusal: the sentence that it got. */
  detail?: string;
  body?: unknown;
  address: string | null;
  requestId: string;
};

const MAX_BODY = 8_000;
const SECRET = /password|secret|token|credential/i;

/** Notes a request, and that the directory lives. */
export async function noteRequest({ directoryId, body, ...request }: NotedRequest): Promise<void> {
  await inScope(
    [],
    async (tx) => {
      await tx
        .insertInto("directory_request")
        .values({
          id: newId(),
          directory_id: directoryId,
          method: request.method,
          subject: request.subject.slice(0, 500),
          status: request.status,
          duration_ms: request.durationMs,
          detail: request.detail?.slice(0, 500) ?? null,
          body: body === undefined ? null : shown(body),
          address: request.address,
          request_id: request.requestId,
        })
        .execute();
      await sql`update directory set last_event_at = now() where id = ${directoryId} and (last_event_at is null or last_event_at < now() - interval '10 seconds')`.execute(
        tx,
      );
    },
    { isLasting: false },
  );
}

function shown(body: unknown): string {
  const text = JSON.stringify(withoutSecrets(body));
  return text.length <= MAX_BODY ? text : JSON.stringify({ cut: `${text.length} characters`, start: text.slice(0, 1_000) });
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  // In a PATCH the secret stands beside its name.
  const path = "path" in value ? String(value.path) : "";
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, SECRET.test(key) || (key === "value" && SECRET.test(path)) ? "█" : withoutSecrets(part)]),
  );
}
