import { route } from "@/lib/kernel/route";
import { exportReview } from "../../../../../access/exports";

export const dynamic = "force-dynamic";

/** The rows of an access review as CSV: all that its digest is made of. */
export const GET = route("access-review:read", exportReview);
