"use client";

import { useRouter } from "next/navigation";
import { useActionState, useEffect } from "react";
import { checkDeviceCodeAction } from "@/app/(console)/[workspace]/devices/actions";
import { Button } from "@/components/ui/button";
import { ErrorSummary, TextField } from "@/components/ui/field";

/** Typing the code, where the link has none or a wrong one. A wrong code counts; the third locks the device. */
export function CodeForm({ deviceId, workspace, triesLeft, isWrong }: { deviceId: string; workspace: string; triesLeft: number; isWrong: boolean }) {
  const router = useRouter();
  const [state, check, isPending] = useActionState(checkDeviceCodeAction, { status: "idle" });
  const result = state.status === "done" ? state.result : null;
  useEffect(() => {
    if (result?.status === "right_code")
      router.replace(`/${workspace}/devices/verify?${new URLSearchParams({ device_id: deviceId, user_code: result.userCode })}`);
    else if (result && result.status !== "wrong_code" && result.status !== "throttled") router.refresh();
  }, [result, router, workspace, deviceId]);
  const left = result?.status === "wrong_code" ? result.triesLeft : triesLeft;
  const tries = left === 1 ? "One try is left; a wrong code then locks the device." : `${left} tries are left.`;
  const error = isPending
    ? null
    : result?.status === "wrong_code"
      ? `This code doesn't fit. ${tries}`
      : result?.status === "throttled"
        ? "Too many wrong codes from here. Try again in a few minutes."
        : null;
  return (
    <form action={check} className="flex flex-col gap-4">
      {state.status === "error" && !isPending && <ErrorSummary title={state.message} errors={[]} requestId={state.requestId} />}
      {isWrong && !result && (
        <p className="text-ink">The code in this link doesn't fit the device. Type the code that stands at the end of the command line's link.</p>
      )}
      <input type="hidden" name="workspace" value={workspace} />
      <input type="hidden" name="deviceId" value={deviceId} />
      <TextField
        id="userCode"
        label="Code"
        help="32 digits and letters from a to f; spaces and capitals don't matter."
        error={error}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
      />
      <div>
        <Button type="submit" look="primary" size="lg" disabled={isPending}>
          Check the code
        </Button>
      </div>
    </form>
  );
}
