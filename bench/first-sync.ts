import "server-only";
import fs from "node:fs";
import http from "node:http";
import { createDirectory } from "@/lib/directories/change-directory";
import { operatorActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { systemContext } from "@/lib/kernel/request";
import type { Installation } from "./installation";
import { cpuMsOf, percentile } from "./load";

// The first sync of a directory, as its client does it: every person by a POST, with or without Okta's question before it whether the
// person is there, then the groups with their members. A few requests at once, over kept connections.

const CLIENTS = 4;
const GROUP_SIZE = 20;
const SAMPLE_MS = 500;

export type Sync = {
  people: number;
  groups: number;
  peopleS: number;
  groupsS: number;
  p50Ms: number;
  p95Ms: number;
  /** Processor time of the server's processes for each person. */
  cpuMs: number;
  overIdleMb: number;
};

/** Syncs into a directory of its own. Throws when an answer isn't what a first sync gets. */
export async function firstSync(at: Installation, { people, groups, asksFirst }: { people: number; groups: number; asksFirst: boolean }): Promise<Sync> {
  const slug = `sync-${newId().slice(-8)}`;
  const context = { actor: operatorActor(at.plot.organizationId), request: systemContext("ui"), workspace: null };
  const directory = await execute(createDirectory, context, { slug, name: slug, provider: "okta" });
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const call = (method: string, path: string, body?: object) => scim(agent, `${at.url}/api/scim/v2/${slug}${path}`, directory.token, method, body);
  const memory = new Memory(at.web);
  const cpuBefore = cpuMsOf(at.web);
  const times: number[] = [];
  const ids: string[] = [];
  try {
    const peopleS = await inTurns(people, async (n) => {
      const began = performance.now();
      const userName = `${slug}-${n}@example.com`;
      if (asksFirst) {
        const found = await call("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}&startIndex=1&count=100`);
        if (found.status !== 200) throw new Error(`asking for a person was answered ${found.status}`);
      }
      const made = await call("POST", "/Users", person(userName, n));
      if (made.status !== 201) throw new Error(`a person was answered ${made.status}: ${made.text.slice(0, 300)}`);
      ids[n] = (JSON.parse(made.text) as { id: string }).id;
      times.push(performance.now() - began);
    });
    const cpuMs = (cpuMsOf(at.web) - cpuBefore) / people;
    const groupsS = await inTurns(groups, async (n) => {
      const members = Array.from({ length: GROUP_SIZE }, (_, m) => ({ value: ids[(n * GROUP_SIZE + m) % people] }));
      const made = await call("POST", "/Groups", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName: `${slug}-group-${n}`, members });
      if (made.status !== 201) throw new Error(`a group was answered ${made.status}: ${made.text.slice(0, 300)}`);
    });
    times.sort((a, b) => a - b);
    return { people, groups, peopleS, groupsS, p50Ms: percentile(times, 50), p95Ms: percentile(times, 95), cpuMs, overIdleMb: memory.overIdleMb() };
  } finally {
    memory.stop();
    agent.destroy();
  }
}

/** Does `count` things, a few at once; gives the seconds. */
async function inTurns(count: number, work: (n: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const client = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (performance.now() - began) / 1000;
}

/** A person as Okta sends one. */
const person = (userName: string, n: number) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName,
  name: { givenName: `Given${n}`, familyName: `Family${n}` },
  emails: [{ primary: true, value: userName, type: "work" }],
  displayName: `Given${n} Family${n}`,
  locale: "en-US",
  externalId: `00u${userName.slice(0, 40)}`,
  groups: [],
  active: true,
});

function scim(agent: http.Agent, url: string, token: string, method: string, body?: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
    const request = http.request(url, { agent, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end(body ? JSON.stringify(body) : undefined);
  });
}

/** The most memory that the server's processes hold together, over what they held at the start (Linux; NaN elsewhere). */
class Memory {
  readonly #idle: number;
  #most: number;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly pids: readonly number[]) {
    this.#idle = this.#residentMb();
    this.#most = this.#idle;
    this.#timer = setInterval(() => {
      this.#most = Math.max(this.#most, this.#residentMb());
    }, SAMPLE_MS);
  }

  overIdleMb = (): number => Math.max(this.#most, this.#residentMb()) - this.#idle;
  stop = (): void => clearInterval(this.#timer);

  #residentMb(): number {
    try {
      const kb = this.pids.map((pid) => Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]));
      return kb.length > 0 ? kb.reduce((sum, one) => sum + one) / 1024 : Number.NaN;
    } catch {
      return Number.NaN;
    }
  }
}
