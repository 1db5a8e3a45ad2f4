import { serveBackChannelLogout } from "@/lib/sso/back-channel-logout";

/** Where an OpenID provider says that somebody signed out there. Public: its signed token is the proof. */
export const dynamic = "force-dynamic";
export const POST = serveBackChannelLogout;
