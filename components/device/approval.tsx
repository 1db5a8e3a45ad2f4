"use client";

import { useRouter } from "next/navigation";
import { startTransition, useActionState, useCallback, useEffect } from "react";
import { approveDeviceAction, refuseDeviceAction } from "@/app/(console)/[workspace]/devices/actions";
import { Button } from "@/components/ui/button";
import { ErrorSummary } from "@/components/ui/field";
import { FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { type ApprovalResult, type Device, deviceName, TRUSTED_DAYS, UNTRUSTED_HOURS } from "@/lib/devices/schema";
import { Countdown } from "./countdown";

type Props = { device: Device; userCode: string; workspace: string; roleTitle: string };

/** Who asks, what it will be able to do, and the three answers. The code was shown by the command line: the person compares it. */
export function Approval({ device, userCode, workspace, roleTitle }: Props) {
  const router = useRouter();
  const [approved, approve, isApproving] = useActionState(approveDeviceAction, { status: "idle" });
  const [refused, refuse, isRefusing] = useActionState(refuseDeviceAction, { status: "idle" });
  const isBusy = isApproving || isRefusing;
  const read = useCallback(() => router.refresh(), [router]);
  useEffect(() => {
    if (approved.status === "done" || refused.status === "done") read();
  }, [approved, refused, read]);
  const failed = [approved, refused].find((state) => state.status === "error");
  const result: ApprovalResult | null = approved.status === "done" ? approved.result : null;
  const answer = (suspicious: boolean) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ workspace, deviceId: device.id, userCode, suspicious: String(suspicious) })) form.set(name, value);
    startTransition(() => refuse(form));
  };
  const name = deviceName(device);
  const said = "said by the client, not proven";
  return (
    <form action={approve} className="flex flex-col gap-4">
      {failed?.status === "error" && !isBusy && (
        <ErrorSummary title={failed.message} errors={failed.fix ? [{ message: failed.fix }] : []} requestId={failed.requestId} />
      )}
      {result?.status === "throttled" && <ErrorSummary title="Too many wrong codes from here. Try again in a few minutes." errors={[]} />}
      <p>
        A command line asks to act as you. Approve it only if you have just run <code>zenml login</code> and it shows this code in its link:
      </p>
      <code className="block rounded-1 bg-sunk px-3 py-2.5 text-center text-[17px] leading-7 tracking-wide break-all text-ink">
        {userCode.replace(/(.{4})(?=.)/g, "$1 ")}
      </code>
      <FactList
        facts={[
          { label: "Device", value: <b title={said}>{name}</b> },
          { label: "Address", value: <code>{device.address ?? "not known"}</code> },
          {
            label: "Client",
            value: (
              <span title={said}>
                {[device.clientVersion && `zenml ${device.clientVersion}`, device.pythonVersion && `Python ${device.pythonVersion}`, device.os]
                  .filter(Boolean)
                  .join(", ") || "not said"}
              </span>
            ),
          },
          { label: "Asked", value: <Time at={device.updatedAt} /> },
          { label: "Expires in", value: device.endsAt ? <Countdown until={device.endsAt} whenOver={read} /> : "" },
          { label: "It may", value: `act as you in ${workspace}, as ${roleTitle}` },
        ]}
      />
      <label className="flex items-start gap-2.5 text-ink">
        <input type="checkbox" name="trusted" className="mt-0.5 size-4 accent-ink" />
        <span>
          Trust this device: it stays signed in for {TRUSTED_DAYS} days, otherwise for {UNTRUSTED_HOURS} hours
        </span>
      </label>
      <input type="hidden" name="workspace" value={workspace} />
      <input type="hidden" name="deviceId" value={device.id} />
      <input type="hidden" name="userCode" value={userCode} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" size="lg" disabled={isBusy}>
          Approve {name}
        </Button>
        <Button size="lg" disabled={isBusy} onClick={() => answer(false)}>
          Refuse
        </Button>
        <Button look="danger" size="lg" disabled={isBusy} onClick={() => answer(true)}>
          I did not ask for this
        </Button>
      </div>
      <p className="text-meta text-ink-3">Refusing ends this request. The last one also locks the device and leaves an entry that administrators see.</p>
    </form>
  );
}
