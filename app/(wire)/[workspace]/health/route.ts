export { GET } from "@/app/api/health/route";

/** What clients ask of the server URL they were given; the same for every workspace, there or not. */
export const dynamic = "force-dynamic";
