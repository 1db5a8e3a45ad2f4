import http from "node:http";
import type { AddressInfo } from "node:net";

// A stand-in for the KV engine of OpenBao, for tests that have to fail or end a writer in the middle of a call. The real one is asked in e2e/clients.

export type KvServer = Awaited<ReturnType<typeof startKvServer>>;
type Held = { data: Record<string, string>; isDeleted: boolean };

/** Starts one on loopback. `onWrite` runs when a value came, before (`at` "before") or after it is kept, and before the answer; `onHide` before one is hidden. */
export async function startKvServer() {
  const held = new Map<string, Held>();
  const state = { isAway: false, onWrite: async (_at: "before" | "after") => {}, onHide: async () => {}, reads: 0 };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      void answer(request, chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}).then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
  });
  const answer = async (request: http.IncomingMessage, body: { data?: Record<string, string> }): Promise<[number, unknown]> => {
    const [, kind, name = ""] = /^\/v1\/secret\/(\w+)\/reeve\/([\w-]+)$/.exec(request.url ?? "") ?? [];
    if (request.url?.startsWith("/v1/sys/health")) return state.isAway ? [503, {}] : [200, {}];
    if (state.isAway) return [503, {}];
    if (request.headers["x-vault-token"] !== "good") return [403, { errors: [`canary: ${request.headers["x-vault-token"]}`] }];
    const one = held.get(name);
    if (kind === "data" && request.method === "POST") {
      if (one) return [400, {}];
      await state.onWrite("before");
      held.set(name, { data: body.data ?? {}, isDeleted: false });
      await state.onWrite("after");
      return [200, {}];
    }
    if (kind === "data") state.reads += 1;
    if (!one) return [404, { errors: [] }];
    if (kind === "data")
      return one.isDeleted ? [404, { data: { metadata: { deletion_time: "2026-01-01T00:00:00Z", destroyed: false } } }] : [200, { data: { data: one.data } }];
    if (kind === "metadata" && request.method === "DELETE") held.delete(name);
    if (kind === "delete") {
      await state.onHide();
      one.isDeleted = true;
    }
    if (kind === "undelete") one.isDeleted = false;
    return [200, {}];
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    state,
    held,
    settings: { method: "token", address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "good" },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
