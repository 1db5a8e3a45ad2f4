// Loaded into the web server before Next (node --import). Next believes what clients say of themselves; this makes it true:
// forwarded headers are overwritten unless the peer is in REEVE_TRUSTED_PROXIES, headers that only Next may set are removed,
// and slow requests are cut off. Also ends the process when its launcher is gone.
import cluster from "node:cluster";
import http from "node:http";
import ipaddr from "ipaddr.js";
import prometheus from "prom-client";
import { openPage } from "./page-door.mjs";
import { answerWire } from "./wire-door.mjs";

const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000; // longer than the 60 s that load balancers keep idle connections
const DRAIN_MS = 3_000;
const MAX_HEADERS = 100;

/** Headers by which Next talks to itself, or proxies to us: never taken from a client. */
const INTERNAL =
  /^(x-middleware-.*|x-invoke-.*|x-nextjs-(?!data$|postponed$).*|x-next-(revalidate|resume).*|x-next-cache-tags|x-next-revalidated-tags|x-prerender-.*|x-matched-path|x-now-route-matches|x-reeve-.*|content-security-policy(-report-only)?)$/;
const FORWARDED =
  /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip|fastly-client-ip|x-original-.*|x-rewrite-url)$/;

/** Settles on a request's headers. `settings`: { url: URL, trusted: string[] }. Changes the request in place. */
export function sanitize(request, settings) {
  const peer = normal(request.socket.remoteAddress);
  const client = clientAddress(peer, request.headers["x-forwarded-for"], settings.trusted);
  const host = hostOf(request.headers.host, settings.url);
  const kept = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index].toLowerCase();
    if (!INTERNAL.test(name) && !FORWARDED.test(name)) kept.push(request.rawHeaders[index], request.rawHeaders[index + 1]);
  }
  for (const name of Object.keys(request.headers)) {
    if (INTERNAL.test(name) || FORWARDED.test(name)) delete request.headers[name];
  }
  const made = {
    "x-forwarded-for": client ?? "",
    "x-forwarded-host": host,
    "x-forwarded-proto": settings.url.protocol.slice(0, -1),
    "x-forwarded-port": settings.url.port || (settings.url.protocol === "https:" ? "443" : "80"),
  };
  for (const [name, value] of Object.entries(made)) {
    request.headers[name] = value;
    kept.push(name, value);
  }
  request.rawHeaders.splice(0, request.rawHeaders.length, ...kept);
}

/**
 * The address that the request came from: the peer, or, when the peer is a trusted proxy, the nearest address of
 * X-Forwarded-For that isn't one. What stands left of it anybody could have written.
 */
export function clientAddress(peer, forwardedFor, trusted) {
  if (!peer || !isTrusted(peer, trusted)) return peer;
  const chain = String(forwardedFor ?? "")
    .split(",")
    .flatMap((part) => part.trim() || []);
  let client = peer;
  for (const part of chain.reverse()) {
    const address = normal(part.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1"));
    if (!address) break;
    client = address;
    if (!isTrusted(address, trusted)) break;
  }
  return client;
}

function isTrusted(address, trusted) {
  const parsed = ipaddr.parse(address);
  return trusted.some((entry) => {
    const [network, bits] = entry.includes("/") ? ipaddr.parseCIDR(entry) : [ipaddr.process(entry), undefined];
    if (network.kind() !== parsed.kind()) return false;
    return parsed.match(network, bits ?? (network.kind() === "ipv4" ? 32 : 128));
  });
}

/** Canonical text of an address; ::ffff:10.0.0.1 becomes 10.0.0.1. */
function normal(text) {
  return text && ipaddr.isValid(text) ? ipaddr.process(text).toString() : undefined;
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** REEVE_URL's host, whatever Host says; on plain loopback its other spellings with the same port are left alone. */
function hostOf(given, url) {
  const isLocal = url.protocol === "http:" && LOOPBACK.has(url.hostname);
  if (!isLocal || !given || !URL.canParse(`http://${given}`)) return url.host;
  const asked = new URL(`http://${given}`);
  return LOOPBACK.has(asked.hostname) && asked.port === url.port ? given : url.host;
}

/** What kind of caller a path serves: few values, no names. */
export function surfaceOf(url) {
  if (url.startsWith("/_next/")) return "static";
  if (url.startsWith("/api/")) return "api";
  return /^\/[^/]+\/api\/v1(\/|$)/.test(url) ? "wire" : "page";
}

/** Times every response; lib/jobs/metrics.ts shows the same registry. */
function observer() {
  const histogram = new prometheus.Histogram({
    name: "reeve_http_request_duration_seconds",
    help: "Time from a request's headers to the end of its response.",
    labelNames: ["surface", "method", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  return (request, response) => {
    const end = histogram.startTimer({ surface: surfaceOf(request.url ?? ""), method: request.method });
    response.once("close", () => end({ status: `${Math.floor(response.statusCode / 100)}xx` }));
  };
}

/** What answers past Next's routes would lack (405, OPTIONS, its own errors, the wire's); routes and pages overwrite them. As in next.config.ts. */
export const DEFAULTS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-permitted-cross-domain-policies": "none",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

/** Guards a response before anything writes it. False when it is answered already: Next has only a bare 500 for a path that is no text. */
export function prepareResponse(request, response) {
  for (const [name, value] of Object.entries(DEFAULTS)) response.setHeader(name, value);
  const path = (request.url ?? "").split("?")[0];
  // Files get their own lifetime from Next, which keeps one that is already there.
  if (!path.startsWith("/_next/") && !/\.(png|svg|ico|txt|woff2|webmanifest)$/.test(path)) response.setHeader("cache-control", "private, no-store");
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end("The address can't be read.");
    return false;
  }
}

function install(settings) {
  prometheus.collectDefaultMetrics();
  const observe = observer();
  const emit = http.Server.prototype.emit;
  http.Server.prototype.emit = function (event, ...args) {
    if (event === "request" || event === "upgrade") {
      sanitize(args[0], settings);
      if (event === "request") observe(args[0], args[1]);
      if (event === "request" && settings.url.protocol === "https:") args[1].setHeader("strict-transport-security", "max-age=63072000; includeSubDomains");
      if (event === "request" && (!prepareResponse(args[0], args[1]) || answerWire(args[0], args[1]))) return true;
      if (event === "request") openPage(args[0], args[1]);
    }
    if (event === "listening") {
      this.headersTimeout = HEADERS_TIMEOUT_MS;
      this.requestTimeout = REQUEST_TIMEOUT_MS;
      this.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
      this.maxHeadersCount = MAX_HEADERS;
      // Open event streams would keep Next from ever finishing its shutdown.
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => setTimeout(() => this.closeAllConnections(), DRAIN_MS).unref());
    }
    return emit.call(this, event, ...args);
  };
}

if (process.env.REEVE_PRELOAD === "1") {
  if (cluster.isWorker) new prometheus.AggregatorRegistry(); // answers the launcher, which adds up what all web processes count
  install({
    url: new URL(process.env.REEVE_URL),
    trusted: (process.env.REEVE_TRUSTED_PROXIES ?? "").split(",").flatMap((part) => part.trim() || []),
  });
  process.on("disconnect", () => process.exit(1));
}
