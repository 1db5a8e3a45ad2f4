import "server-only";
import type { Installation } from "./installation";
import { WORKSPACE } from "./things";

/** A secret that a run may resolve, and the run's own token. */
export type RunSecret = { id: string; token: string };

/** Makes a secret over the wire, binds it to the pipeline of a run that goes on, and asks for that run's token, all as the service account that measures. */
export async function makeRunSecret({ url, superuser, token, plot }: Installation, runId: string): Promise<RunSecret> {
  const call = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const headers = { ...token, "content-type": "application/json" };
    const response = await fetch(`${url}/${WORKSPACE}/api/v1${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const values = { user: "reader", password: "a password of the bench" };
  const { id } = await call<{ id: string }>("/secrets", { method: "POST", body: JSON.stringify({ name: "bench", private: false, values }) });
  await superuser.query(
    `update reeve.run set in_progress = true, status = 'running', end_time = null, created_by = (select created_by from reeve.secret where id = $2) where id = $1`,
    [runId, id],
  );
  await superuser.query(
    `insert into reeve.secret_binding (id, workspace_id, secret_id, kind, target_id, target_name, path, opened_by, opened_request_id, valid_from)
     select gen_random_uuid(), $3, $2, 'pipeline', r.pipeline_id, 'bench', 'attached', r.created_by, 'bench', now() from reeve.run r where r.id = $1`,
    [runId, id, plot.workspaceId],
  );
  return { id, token: await call<string>(`/api_token?token_type=workload&pipeline_run_id=${runId}`) };
}
