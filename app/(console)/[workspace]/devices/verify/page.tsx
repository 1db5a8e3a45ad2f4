import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Approval } from "@/components/device/approval";
import { CodeForm } from "@/components/device/code-form";
import { ConsolePage } from "@/components/shell/console-page";
import { Poll } from "@/components/table/poll";
import { CliBox } from "@/components/ui/cli-box";
import { Icon, type IconName } from "@/components/ui/icon";
import { refuseForeignApproval } from "@/lib/devices/approve-device";
import { deviceState, getDevice } from "@/lib/devices/queries";
import { type Device, deviceName, WRONG_CODES } from "@/lib/devices/schema";
import { AppError } from "@/lib/kernel/errors";
import { environment } from "@/lib/kernel/env";
import { isUuid } from "@/lib/kernel/id";
import { page, type SearchParams } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { outsideScope } from "@/lib/kernel/transaction";
import { roleTitle } from "@/lib/organizations/get-shell";
import { findWorkspace } from "@/lib/workspaces/find-workspace";

export const metadata: Metadata = { title: "Approve a device" };

const one = (value: SearchParams[string]): string => (typeof value === "string" ? value : "");
const missing = (error: unknown) => {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
};

/** A command line waits here for its person (DEV-7, DEV-11): what asks, from where, and what it will be able to do. */
export default page(
  "workspace:read",
  async ({ context, place, searchParams }) => {
    const { workspace } = place;
    if (!workspace) return null;
    const deviceId = one(searchParams.device_id).toLowerCase();
    const userCode = one(searchParams.user_code);
    const login = <CliBox command={`zenml login ${environment().url.replace(/\/$/, "")}/${workspace.slug}`} />;
    const state = isUuid(deviceId) ? await ask(deviceState, context, { id: deviceId }).catch(missing) : null;
    const shell = (children: ReactNode) => (
      <ConsolePage crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Approve a device" }]}>
        <div className="pad-x mx-auto flex w-full max-w-[528px] flex-col gap-4 pt-[8vh] pb-16">{children}</div>
      </ConsolePage>
    );
    const said = (icon: IconName, title: string, text: ReactNode) =>
      shell(
        <>
          <h1 className="flex items-center gap-2.5 text-title">
            <Icon name={icon} size={20} className="text-ink-3" />
            {title}
          </h1>
          <div className="flex flex-col gap-3">{text}</div>
        </>,
      );
    const again = (
      <>
        <p>Run the login again and open its new link:</p>
        {login}
      </>
    );
    if (!state) return said("circle-alert", "No device waits here", again);
    if (state.status === "locked")
      return said(
        "lock",
        "This device is locked",
        state.isMine ? (
          <p>
            You unlock it under{" "}
            <Link className="link" href="/account?tab=devices">
              My devices
            </Link>
            .
          </p>
        ) : (
          <>
            <p>A wrong code was given {WRONG_CODES} times, or somebody said that they did not ask for it.</p>
            {again}
          </>
        ),
      );
    if (state.isRefused) return said("ban", "This request was refused", again);
    if (state.isMine) {
      const device = await ask(getDevice, context, { id: deviceId });
      return state.status === "active" ? signedIn(said, device) : approved(said, device);
    }
    if (state.status !== "pending") return said("ban", "This code was used already", again);
    if (state.isExpired) return said("timer-off", "This code has expired", again);
    const device = userCode ? await ask(getDevice, context, { id: deviceId, userCode }).catch(missing) : null;
    return shell(
      <>
        <h1 className="text-title">Approve a device</h1>
        {device ? (
          <Approval device={device} userCode={userCode} workspace={workspace.slug} roleTitle={roleTitle(context.actor, workspace.id)} />
        ) : (
          <CodeForm deviceId={deviceId} workspace={workspace.slug} triesLeft={WRONG_CODES - state.failedAttempts} isWrong={userCode !== ""} />
        )}
      </>,
    );
  },
  {
    // Somebody who may not read the workspace holds the link: their command line need not wait for nothing.
    unreachable: async ({ actor, request, params, searchParams }) => {
      const workspace = await outsideScope((tx) => findWorkspace(tx, params.workspace ?? ""));
      const given = { deviceId: one(searchParams.device_id), userCode: one(searchParams.user_code) };
      if (workspace && isUuid(given.deviceId)) await refuseForeignApproval(workspace, actor, request, given);
    },
  },
);

type Said = (icon: IconName, title: string, text: ReactNode) => ReactNode;

const approved = (said: Said, device: Device) =>
  said(
    "loader-circle",
    `${deviceName(device)} is approved`,
    <>
      <p role="status">The command line fetches its sign-in now.</p>
      <Poll seconds={2} />
    </>,
  );

const signedIn = (said: Said, device: Device) =>
  said(
    "circle-check",
    `${deviceName(device)} is signed in`,
    <p role="status">
      You can close this page. You lock or delete the device under{" "}
      <Link className="link" href="/account?tab=devices">
        My devices
      </Link>
      .
    </p>,
  );
