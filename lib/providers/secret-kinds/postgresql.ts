import pg from "pg";
import { z } from "zod";
import { certificate, hidden, type KindCall, NotWorked, plain, type SecretKind, type Values } from "./contract";

// A login to PostgreSQL, tried by SELECT 1. The client's socket is the guard's: it connects to the address that was judged.

const TIMEOUT_MS = 10_000;
/** What a login and one number take is a few kB; a server that sends more is no database of anybody's. */
const MAX_BYTES = 1024 * 1024;

export const POSTGRESQL: SecretKind = {
  kind: "postgresql",
  title: "PostgreSQL",
  group: "Data sources",
  about: "A login to a PostgreSQL database.",
  docs: { label: "Connecting to PostgreSQL", url: "https://www.postgresql.org/docs/current/libpq-connect.html" },
  fields: z.object({
    host: z
      .string()
      .regex(/^[A-Za-z0-9._:-]{1,253}$/, "Enter a host name or an IP address.")
      .meta({ title: "Host", description: "A host name or an IP address." }),
    database: plain("Database", "The name of the database."),
    user: plain("User", "A role that may log in; one that only reads is enough for most steps."),
    password: hidden("Password", "Of that role."),
    port: z
      .string()
      .regex(/^\d{1,5}$/, "Enter a number, such as 5432.")
      .meta({ title: "Port", description: "Left empty: 5432." })
      .optional(),
    sslmode: z
      .enum(["verify-full", "require", "disable"])
      .meta({
        title: "TLS",
        description: "verify-full checks the server’s certificate and name; require encrypts only; disable is for private networks. Left empty: verify-full.",
      })
      .optional(),
    ca: certificate,
  }),
  address: ["host", "port", "sslmode", "ca"],
  ports: [5432, 5433],
  test,
  note: "",
};

async function test({ host = "", port = "5432", database, user, password, sslmode = "verify-full", ca }: Values, call: KindCall): Promise<string> {
  const isPlain = sslmode === "disable";
  const socket = call.socket(host, Number(port), { isPlain });
  const client = new pg.Client({
    host,
    port: Number(port),
    database,
    user,
    password,
    stream: () => socket,
    ssl: isPlain ? false : { rejectUnauthorized: sslmode === "verify-full", host, ...(ca ? { ca } : {}) },
    connectionTimeoutMillis: TIMEOUT_MS,
    application_name: "reeve",
  });
  let why: NotWorked | undefined;
  const end = (reason: NotWorked) => {
    why ??= reason;
    socket.destroy(reason);
  };
  const timer = setTimeout(() => end(new NotWorked("unreachable", "the server didn’t answer in time.")), TIMEOUT_MS);
  const watch = setInterval(() => {
    if (socket.bytesRead > MAX_BYTES) end(new NotWorked("unreachable", "the server sends more than a login takes: it may be no PostgreSQL."));
  }, 20);
  client.on("error", () => undefined); // said by what waits for it
  try {
    await client.connect();
    await client.query("select 1");
    return `PostgreSQL accepted the login${isPlain ? ", without TLS" : ""}.`;
  } catch (error) {
    throw why ?? reasonOf(error);
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    socket.destroy();
  }
}

/** Only the class and PostgreSQL's own code (SQLSTATE): its messages quote what it was sent. */
function reasonOf(error: unknown): NotWorked {
  if (error instanceof NotWorked) return error;
  const { code, message } = error as { code?: unknown; message?: string };
  const state = typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
  if (state?.startsWith("28")) return new NotWorked("refused", `PostgreSQL doesn’t accept the user and password (${state}).`);
  if (state === "3D000") return new NotWorked("refused", "PostgreSQL has no such database (3D000).");
  if (state === "42501") return new NotWorked("refused", "the user may not connect to this database (42501).");
  if (state?.startsWith("53") || state?.startsWith("57")) return new NotWorked("unreachable", `PostgreSQL takes no connections now (${state}).`);
  if (state) return new NotWorked("refused", `PostgreSQL refused the login (${state}).`);
  if (/does not support SSL/.test(message ?? "")) return new NotWorked("refused", "the server speaks no TLS, and the setting asks for it.");
  if (/CERT|ALTNAME|TLS|SSL|UNABLE_TO|SELF_SIGNED|PEM/.test(String(code)))
    return new NotWorked("unreachable", "the server’s certificate isn’t trusted, or is for another name. Give its authority’s certificate.");
  return new NotWorked("unreachable", "the server can’t be reached, or is no PostgreSQL.");
}
