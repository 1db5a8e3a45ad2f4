"use client";

import { requestRoundAction, switchCanariesAction } from "@/app/(console)/settings/revocation/actions";
import { ActButton } from "@/components/ui/act-button";

/** Begins a round, and switches the hourly ones on and off. */
export function RoundActs({ isOn }: { isOn: boolean }) {
  return (
    <>
      <ActButton action={switchCanariesAction} fields={{ isOn: String(!isOn) }} said={isOn ? "The hourly rounds are off." : "The hourly rounds are on."}>
        {isOn ? "Switch off" : "Switch on"}
      </ActButton>
      <ActButton action={requestRoundAction} fields={{}} look="primary" said="A round begins. It takes less than a minute.">
        Run now
      </ActButton>
    </>
  );
}
