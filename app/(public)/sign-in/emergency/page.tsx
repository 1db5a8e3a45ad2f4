import type { Metadata } from "next";
import { EmergencyForm } from "./emergency-form";

export const metadata: Metadata = { title: "Emergency sign-in", robots: { index: false } };

/** Public: the secret in the link's fragment, which the host printed, is the proof. */
export default function EmergencyPage() {
  return <EmergencyForm />;
}
