import "server-only";
import http from "node:http";
import type { AddressInfo } from "node:net";

// Answers in no time: first it stands in front of a server and keeps what that answers, then it gives the same answers again by itself.
// What a client takes against it is what the client takes, whatever the server.

type Answer = { status: number; headers: http.OutgoingHttpHeaders; body: Buffer };
type Kept = { path: string; answer: Answer };

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "date"]);

/**
 * Kept answers by call. A client makes some ids itself (of its log records), so that a path with another id than any kept one is the next
 * kept one of the same form.
 */
export class Answers {
  readonly #kept = new Map<string, Kept[]>();
  #next = new Map<string, number>();
  count = 0;

  keep(method: string, url: string, answer: Answer): void {
    const { form, path } = callOf(method, url);
    this.#kept.set(form, [...(this.#kept.get(form) ?? []), { path, answer }]);
    this.count++;
  }

  /** Begins again with the first answer of each call. */
  rewind(): void {
    this.#next = new Map();
  }

  /** The next answer to this very path, or to one of its form; the last of them once all were given. */
  find(method: string, url: string): Answer | undefined {
    const { form, path } = callOf(method, url);
    const all = this.#kept.get(form) ?? [];
    const same = all.filter((kept) => kept.path === path);
    const [key, from] = same.length > 0 ? [path, same] : [form, all];
    const position = this.#next.get(`${method} ${key}`) ?? 0;
    this.#next.set(`${method} ${key}`, position + 1);
    return from[Math.min(position, from.length - 1)]?.answer;
  }
}

const callOf = (method: string, url: string) => {
  const path = url.split("?")[0] as string;
  return { path, form: `${method} ${path.replace(ID, "*")}` };
};

export type AnswersServer = {
  url: string;
  answers: Answers;
  /** From now on it answers by itself. */
  replay: () => void;
  close: () => void;
};

/** Starts it in front of `upstream` (an origin). */
export async function startAnswers(upstream: string): Promise<AnswersServer> {
  const answers = new Answers();
  let isReplaying = false;
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method = "GET", url = "/" } = request;
      const send = ({ status, headers, body }: Answer) => response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
      if (!isReplaying) {
        forward(upstream, method, url, request.headers, Buffer.concat(parts))
          .then((answer) => {
            answers.keep(method, url, answer);
            send(answer);
          })
          .catch((error: Error) => send({ status: 502, headers: {}, body: Buffer.from(error.message) }));
        return;
      }
      send(answers.find(method, url) ?? { status: 404, headers: {}, body: Buffer.from(`no answer was kept for ${method} ${url}`) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    replay: () => {
      isReplaying = true;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function forward(upstream: string, method: string, url: string, headers: http.IncomingHttpHeaders, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${upstream}${url}`, { method, headers: { ...headers, host: new URL(upstream).host } }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 502,
          headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => !HOP.has(name))),
          body: Buffer.concat(parts),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
