import { serveZenml } from "@/lib/wire/zenml/serve";

// The zenml wire: its server URL is the workspace's URL. The endpoint table decides everything below.
export const dynamic = "force-dynamic";
export const GET = serveZenml;
export const POST = serveZenml;
export const PUT = serveZenml;
export const PATCH = serveZenml;
export const DELETE = serveZenml;
