import { serveScim } from "@/lib/wire/scim/serve";

// What a directory calls (SCIM 2.0). Its token is the proof; lib/wire/scim decides everything below.
// From its first call on, scripts/wire-door.mjs answers past Next; not while developing, where a change must be loaded.
if (process.env.NODE_ENV === "production") globalThis.reeveScim = serveScim;

declare global {
  var reeveScim: typeof serveScim | undefined;
}

export const dynamic = "force-dynamic";
export const GET = serveScim;
export const POST = serveScim;
export const PUT = serveScim;
export const PATCH = serveScim;
export const DELETE = serveScim;
