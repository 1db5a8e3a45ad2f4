import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { STEPS, stepsOf } from "@/components/sso/steps";
import { StepList } from "@/components/sso/step-list";
import { page } from "@/lib/kernel/page";
import { ConnectionFrame } from "../connection-frame";
import { drawStep } from "./draw-step";

export const metadata: Metadata = { title: "Single sign-on" };

/** One step of a connection's set-up. */
export default page("sso-connection:read", async (args) => {
  const step = STEPS.find((one) => one === args.params.step) ?? notFound();
  return (
    <ConnectionFrame
      args={args}
      tab="set-up"
      draw={async (connection) => (
        <div className="flex flex-1 flex-col md:flex-row">
          <StepList steps={stepsOf(connection)} current={step} slug={connection.slug} />
          <div className="flex min-w-0 flex-1 flex-col">{await drawStep(step, connection, args.context)}</div>
        </div>
      )}
    />
  );
});
