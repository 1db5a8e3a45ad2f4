import { route } from "@/lib/kernel/route";
import { exportReviews } from "../../exports";

export const dynamic = "force-dynamic";

/** Access reviews as CSV. */
export const GET = route("access-review:read", exportReviews);
