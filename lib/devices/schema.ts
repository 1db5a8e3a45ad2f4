// Devices as pages and the wire show them: plain data, no codes.

/** Days that a trusted device stays signed in; others stay for a day. */
export const TRUSTED_DAYS = 30;
export const UNTRUSTED_HOURS = 24;
/** Wrong codes that a pending device takes before it locks. */
export const WRONG_CODES = 3;
export const PENDING_MINUTES = 5;

export type DeviceStatus = "pending" | "verified" | "active" | "locked";

export type Device = {
  id: string;
  clientId: string;
  ownerId: string | null;
  status: DeviceStatus;
  isTrusted: boolean;
  /** Locked by somebody else: its person logs in anew instead of unlocking it. */
  isLockedByOther: boolean;
  hostName: string | null;
  address: string | null;
  os: string | null;
  pythonVersion: string | null;
  clientVersion: string | null;
  failedAttempts: number;
  /** When the codes end, while it waits; when the sign-in ends, once active. */
  endsAt: string | null;
  lastUsedAt: string | null;
  lastUsedAddress: string | null;
  approvedAt: string | null;
  createdAt: string;
  updatedAt: string;
  workspace: { id: string; slug: string; displayName: string };
};

/** What a person reads as the device's name. */
export const deviceName = (device: Pick<Device, "hostName" | "id">): string => device.hostName ?? `device …${device.id.slice(-4)}`;

/** What became of trying a typed code. */
export type CodeCheck = ApprovalResult | { status: "right_code"; userCode: string };

/** What became of an approval. */
export type ApprovalResult =
  | { status: "approved"; deviceId: string; hostName: string | null }
  | { status: "wrong_code"; triesLeft: number }
  | { status: "locked" | "expired" | "used" | "throttled" };
