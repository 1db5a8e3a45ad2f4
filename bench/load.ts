import "server-only";
import fs from "node:fs";
import http from "node:http";

// Asks the same thing again and again over kept connections, bounded in count and in time, and tells what the answers took. One thing
// may need several calls, one after the other (a run with its graph and its steps): then its time is the time of all.

export type Call = { path: string; method?: "GET" | "POST"; headers?: Record<string, string>; body?: string };
export type Target = {
  name: string;
  /** Of the server: `http://127.0.0.1:3000`. */
  origin: string;
  headers?: Record<string, string>;
  /** The calls of the nth time: what is asked may differ from time to time. */
  calls: (n: number) => readonly Call[];
  /** The server's processes. */
  pids?: readonly number[];
};
export type Measured = {
  count: number;
  p50Ms: number;
  p95Ms: number;
  perSecond: number;
  /** Processor time of the server's processes per time asked: hardly disturbed by what else the machine does. NaN where it can't be read. */
  cpuMs: number;
  /** Of all bodies of the last time. */
  bytes: number;
};

/** An answer that takes longer is a failure: the run then says so instead of waiting. */
const ANSWER_MS = 30_000;

/** `warmUp`: so many times first, on the same connections and so the same processes, which aren't measured. */
export type Bounds = { clients: number; count: number; seconds: number; warmUp?: number };

/** Measures one target. Throws when an answer isn't 200: slow is a figure, wrong is not. */
export async function measure(target: Target, { clients, count, seconds: most, warmUp = 0 }: Bounds): Promise<Measured> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  let times: number[] = [];
  let bytes = 0;
  let cpuBefore = 0;
  let started = 0;
  let asked = 0;
  const ask = async (until: number, last: number) => {
    while (asked < last && performance.now() < until) {
      const calls = target.calls(asked++);
      const began = performance.now();
      let size = 0;
      for (const call of calls) size += await answerTo(target, call, agent);
      times.push(performance.now() - began);
      bytes = size;
    }
  };
  const askAll = (last: number) => {
    const until = performance.now() + most * 1000;
    return Promise.all(Array.from({ length: clients }, () => ask(until, last)));
  };
  try {
    if (warmUp > 0) await askAll(warmUp);
    times = [];
    cpuBefore = cpuMsOf(target.pids);
    started = performance.now();
    await askAll(asked + count);
  } finally {
    agent.destroy();
  }
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const cpuMs = (cpuMsOf(target.pids) - cpuBefore) / times.length;
  return { count: times.length, p50Ms: percentile(times, 50), p95Ms: percentile(times, 95), perSecond: times.length / seconds, cpuMs, bytes };
}

const TICK_MS = 10;

/** Processor time that processes have used, from /proc (Linux); NaN where there is none. */
export function cpuMsOf(pids: readonly number[] = []): number {
  try {
    const ticks = pids.map((pid) => {
      const fields = fs
        .readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return Number(fields[11]) + Number(fields[12]);
    });
    return ticks.length > 0 ? ticks.reduce((sum, one) => sum + one) * TICK_MS : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

/** The smallest value that `share` per cent of the values don't exceed. `sorted` ascending and not empty. */
export function percentile(sorted: readonly number[], share: number): number {
  const position = Math.max(0, Math.ceil((share / 100) * sorted.length) - 1);
  const value = sorted[position];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

/** Sends one call and reads its answer; gives the body's bytes. */
function answerTo(target: Target, call: Call, agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...target.headers, ...call.headers };
    const request = http.request(`${target.origin}${call.path}`, { agent, method: call.method ?? "GET", headers }, (response) => {
      let head = "";
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (response.statusCode !== 200 && head.length < 500) head += chunk.toString("utf8");
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${target.name} answered ${response.statusCode} to ${call.path}: ${head.slice(0, 500)}`));
      });
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`${target.name} did not answer in ${ANSWER_MS / 1000} s`)));
    request.on("error", reject);
    request.end(call.body);
  });
}
