import { serveZenml } from "@/lib/wire/zenml/serve";

// The zenml wire: its server URL is the workspace's URL. The endpoint table decides everything below.
// From its first call on, scripts/wire-door.mjs answers past Next; not while developing, where a change must be loaded.
if (process.env.NODE_ENV === "production") globalThis.reeveWire = serveZenml;

declare global {
  var reeveWire: typeof serveZenml | undefined;
}

export const dynamic = "force-dynamic";
export const GET = serveZenml;
export const POST = serveZenml;
export const PUT = serveZenml;
export const PATCH = serveZenml;
export const DELETE = serveZenml;
