"use client";

import { deleteDeviceAction, lockDeviceAction } from "@/app/(console)/account/actions";
import { ActButton } from "@/components/ui/act-button";
import { ActionDialog } from "@/components/ui/action-dialog";
import { CliBox } from "@/components/ui/cli-box";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Nothing } from "./nothing";
import { Time } from "@/components/ui/time";
import { type Device, deviceName } from "@/lib/devices/schema";

/** The command lines that act as me. */
export function DevicesSection({ devices, loginCommand, now }: { devices: Device[]; loginCommand: string | null; now: number }) {
  return (
    <Section title="Devices" count={String(devices.length)}>
      {devices.length === 0 ? (
        <Nothing title="No command line acts as you.">{loginCommand && <CliBox command={loginCommand} />}</Nothing>
      ) : (
        <PlainTable
          label="Devices"
          columns={[
            { label: "Device" },
            { label: "State" },
            { label: "Workspace" },
            { label: "Client" },
            { label: "Address" },
            { label: "Approved" },
            { label: "Last used" },
            { label: "Signed in until" },
            { label: "", align: "right" },
          ]}
          rows={devices.map((device) => ({
            key: device.id,
            cells: [
              <b key="name" className="font-medium text-ink">
                {deviceName(device)}
              </b>,
              <Status key="state" state={stateOf(device, now)} />,
              device.workspace.slug,
              [device.clientVersion && `zenml ${device.clientVersion}`, device.os].filter(Boolean).join(", ") || "not said",
              <code key="address">{device.lastUsedAddress ?? device.address ?? "not known"}</code>,
              device.approvedAt && <Time key="approved" at={device.approvedAt} />,
              device.lastUsedAt ? <Time key="used" at={device.lastUsedAt} /> : <span key="used">never</span>,
              device.endsAt && device.status !== "verified" && (
                <span key="until">
                  <Time at={device.endsAt} /> {device.isTrusted && <span className="text-ink-3">trusted</span>}
                </span>
              ),
              <span key="acts" className="inline-flex gap-2">
                {device.isLockedByOther ? (
                  <span className="text-ink-3">Locked by an administrator</span>
                ) : (
                  <ActButton
                    action={lockDeviceAction}
                    fields={{ deviceId: device.id, locked: String(device.status !== "locked") }}
                    icon="lock"
                    said={device.status === "locked" ? `Unlocked ${deviceName(device)}.` : `Locked ${deviceName(device)}; it is refused from now on.`}
                  >
                    {device.status === "locked" ? "Unlock" : "Lock"}
                  </ActButton>
                )}
                <ActionDialog
                  label="Delete…"
                  title={`Delete ${deviceName(device)}`}
                  action={deleteDeviceAction}
                  hidden={{ deviceId: device.id }}
                  submit="Delete device"
                  look="danger"
                >
                  {() => (
                    <p>
                      Its command line is refused from its next request on, and so are runs that it started and that still go on. To use it again, log in anew.
                    </p>
                  )}
                </ActionDialog>
              </span>,
            ],
          }))}
        />
      )}
    </Section>
  );
}

/** Approved is not yet signed in; an active device whose days are over has expired, whatever its row says. */
function stateOf(device: Device, now: number): string {
  if (device.status !== "active" && device.status !== "verified") return device.status;
  if (device.endsAt && Date.parse(device.endsAt) <= now) return "expired";
  return device.status === "verified" ? "approved" : "active";
}
