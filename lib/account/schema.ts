// My account as its page shows it: plain data.

export type MySession = {
  id: string;
  isCurrent: boolean;
  kind: "sign_in" | "emergency";
  address: string | null;
  userAgent: string | null;
  createdAt: string;
  lastSeenAt: string;
  endsAt: string;
};

export type MyProfile = { name: string; email: string | null; fullName: string; hasPassword: boolean; passwordChangedAt: string | null; createdAt: string };

/** What became of a password change. */
export type PasswordChange = { status: "changed"; sessionsEnded: number } | { status: "wrong_password" } | { status: "throttled"; waitS: number };
