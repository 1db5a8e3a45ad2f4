import { renderToStaticMarkup } from "react-dom/server";
import { expect, it, vi } from "vitest";
import type { Device } from "@/lib/devices/schema";
import { Approval } from "./approval";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => undefined }) }));
vi.mock("@/app/(console)/[workspace]/devices/actions", () => ({
  approveDeviceAction: async () => ({ status: "idle" }),
  refuseDeviceAction: async () => ({ status: "idle" }),
}));

const device: Device = {
  id: "01a2059c-8ebc-7503-9301-8a45c6d1d549",
  clientId: "e919eac1-e8f0-4ce4-a2f4-a6a5ebc9b770",
  ownerId: null,
  status: "pending",
  isTrusted: false,
  isLockedByOther: false,
  hostName: "mbp-aalto",
  address: "198.51.100.4",
  os: "Darwin",
  pythonVersion: "3.11.7",
  clientVersion: "0.98.0",
  failedAttempts: 0,
  endsAt: "2026-11-22T18:13:19.000000Z",
  lastUsedAt: null,
  lastUsedAddress: null,
  approvedAt: null,
  createdAt: "2026-11-22T18:08:19.000000Z",
  updatedAt: "2026-11-22T18:08:19.000000Z",
  workspace: { id: "01a2059c-8ebc-7503-9301-8a45c6d1d540", slug: "fraud-detection", displayName: "Fraud detection" },
};
const drawn = (one: Device) =>
  renderToStaticMarkup(<Approval device={one} userCode="3d57ec7e51b533d33fdc17e4ceb09c5f" workspace="fraud-detection" roleTitle="Contributor" />);

it("DEV-11 the page says who asks: client, address, host name, time, and what it will be able to do", () => {
  const html = drawn(device);
  for (const text of [
    "mbp-aalto",
    "198.51.100.4",
    "zenml 0.98.0, Python 3.11.7, Darwin",
    'dateTime="2026-11-22T18:08:19.000000Z"',
    "Expires in",
    "act as you in fraud-detection, as Contributor",
    "3d57 ec7e 51b5 33d3 3fdc 17e4 ceb0 9c5f",
    "Approve mbp-aalto",
    "I did not ask for this",
  ])
    expect(html, text).toContain(text);
});

it("DEV-11 what the client says of itself is text, and what it left out is named", () => {
  const html = drawn({ ...device, hostName: "<img src=x onerror=alert(1)>", address: null, os: null, pythonVersion: null, clientVersion: null });
  expect(html).not.toContain("<img");
  expect(html).toContain("not known");
  expect(html).toContain("not said");
});
