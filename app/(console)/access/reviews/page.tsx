import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { ReviewsPage } from "../reviews-page";

export const metadata: Metadata = { title: "Access reviews" };

export default page("access-review:read", async (args) => <ReviewsPage {...args} />);
