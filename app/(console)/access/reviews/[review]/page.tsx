import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ReviewPage } from "../../review-page";

export const metadata: Metadata = { title: "Access review" };

export default page("access-review:read", async (args) => {
  if (!isUuid(args.params.review ?? "")) notFound();
  return <ReviewPage {...args} />;
});
