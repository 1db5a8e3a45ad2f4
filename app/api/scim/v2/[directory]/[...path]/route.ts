import { serveScim } from "@/lib/wire/scim/serve";

// What a directory calls (SCIM 2.0). Its token is the proof; lib/wire/scim decides everything below.
export const dynamic = "force-dynamic";
export const GET = serveScim;
export const POST = serveScim;
export const PUT = serveScim;
export const PATCH = serveScim;
export const DELETE = serveScim;
