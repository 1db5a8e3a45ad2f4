import "server-only";
import type { Permission } from "@/lib/authz/permissions";
import type { ErrorCode } from "./errors";
import { newId } from "./id";
import type { TestThings } from "./test-things";
import { stepInput } from "./test-runs";

// One sample input per command and query, with what the authorization tests must find written by hand: the permission it asks for,
// where it acts, whether ownership counts, and how many entries a success leaves. A command without a sample fails the tests.

export type Sample = {
  permission: Permission;
  input: (things: TestThings) => unknown;
  /** `organization`: called without a workspace. Default: in the workspace. */
  at?: "organization";
  /** The target is the actor's own by nature (what it creates, its own session). */
  isOwn?: boolean;
  /** A rule of the command itself lets only the thing's owner, whatever others hold. */
  isOwnersOnly?: boolean;
  /** It is asked of everything in the place: to hold it on one's own things is not enough. */
  isOfAll?: boolean;
  /** Entries of a success: 1 for class entry, 0 for class data, unless said here. */
  entries?: number;
  /** What an actor who is allowed gets instead of success, and why that is right. */
  fails?: ErrorCode;
  /** The input names a thing by id: the same id from another workspace must be "not found". */
  names?: boolean;
};

const saidOf = (subject: string) => ({ subject, claims: {}, sessionEndsAt: null, sessionIndex: null, nameIdFormat: null, emailVerified: null });
const TEST_RESULT = {
  subject: "x",
  claims: {},
  warnings: [],
  email: null,
  name: "",
  groups: [],
  account: { effect: "created", principalId: null, refusal: null },
  grants: [],
  checks: [],
};

/** A certificate as metadata holds one. */
const CERTIFICATE =
  "MIIBmjCCAUGgAwIBAgIUZ3DcNQ2ma9LDYRaUKh3XcDDY7f0wCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwIBcNMjYxMTI4MDYzMTQ5WhgP" +
  "MjEyNjExMDQwNjMxNDlaMBYxFDASBgNVBAMMC2lkcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENQJM3u+ObZhDD4P+qzNvwstOb/a+Qnqi" +
  "Q6gT0BLhr6YcVZoR7CHHWAvtDgkd484etdt5hXzZr/Oe14ZIsdfKp6NrMGkwHQYDVR0OBBYEFPPNfxU7PAcD1EFtr8lYFvp3IN+WMB8GA1UdIwQYMBaAFPPN" +
  "fxU7PAcD1EFtr8lYFvp3IN+WMA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILaWRwLmV4YW1wbGUwCgYIKoZIzj0EAwIDRwAwRAIgb/4ykF9HW/nVVTCA" +
  "poVeAqvxLJjsypnzuximFOVxYE4CIEwYYymi3li58kABM5WDI2JQqW/bYdb89+jTZtZCsi2d";
const unique = () => `n-${newId()}`;
const connectorWish = () => ({
  name: unique(),
  type: "aws",
  method: "secret-key",
  configuration: { region: "eu-central-1", aws_access_key_id: "id", aws_secret_access_key: "key" },
});
const ISSUED = {
  connector: { id: "", name: "", workspaceId: "" },
  secretVersion: 1,
  purpose: "client",
  target: { resourceType: "aws-generic", resourceId: null },
  requestId: "r",
  outcome: "issued",
  issued: { type: "aws", method: "sts-token", expiresAt: null, reach: "as-main-key", actsAs: null, peerRequestId: null },
  isCapped: false,
};
const personState = () => ({ userName: unique(), externalId: null, active: true, email: null, fullName: "", attributes: {} });
const viewersRule = (things: TestThings) => ({ groupId: things.directoryGroupId, role: "viewer", scope: "workspace", workspaceId: things.workspaceId });
const ofHold = (things: TestThings) => ({ directoryId: things.holdingDirectoryId, holdId: things.directoryHoldId });
const nothingNew = { name: null, cronExpression: null };
const none = { addTags: null, removeTags: null };
const about = { license: null, description: "x", audience: null, use_cases: null, limitations: null, trade_offs: null, ethics: null };
const storeSettings = () => ({ method: "token", address: "https://bao.example.com", token: unique() });

const byId =
  (key: keyof TestThings, field = "id") =>
  (things: TestThings) => ({ [field]: things[key] });
const tagging = (permission: Permission, resourceType: string, key: keyof TestThings, tag: "tagId" | "usedTagId"): Sample => ({
  permission,
  input: (things) => ({ resourceType, resourceId: things[key], tagIds: [things[tag]] }),
  names: true,
});
const tagsEdit = (permission: Permission, resourceType: string, key: keyof TestThings): Sample => ({
  permission,
  input: (things) => ({ resourceType, resourceId: things[key], add: [unique()], remove: JSON.stringify([`used-${things.name}`]) }),
  names: true,
});
const bulk = (permission: Permission, kind: string, act: string, key: keyof TestThings): Sample => ({
  permission,
  isOwn: true,
  input: (things) => ({
    projectId: things.projectId,
    list: kind,
    act,
    tags: act === "tag" ? [unique()] : [],
    selection: JSON.stringify({ ids: [things[key]] }),
    formId: newId(),
    expected: act === "delete" ? 1 : 0, // a Runner reads none of them
    typedName: "1",
  }),
});
const metadata = (permission: Permission, resourceType: string, key: keyof TestThings): Sample => ({
  permission,
  input: (things) => ({
    projectId: things.projectId,
    resourceType,
    resourceId: things[key],
    values: new Map([["accuracy", "0.9"]]),
    types: { accuracy: "float" },
    publisherStepId: null,
  }),
  names: true,
});

export const COMMAND_SAMPLES: Record<string, Sample> = {
  "model.documented": {
    permission: "model:update",
    names: true,
    input: (things) => ({
      id: things.modelId,
      updatedAt: "2026-01-01T00:00:00Z",
      description: "x",
      license: "",
      audience: "",
      use_cases: "",
      limitations: "",
      trade_offs: "",
      ethics: "",
    }),
    fails: "conflict", // the sample does not know when the model was changed: lib/models/document-model.db.test.ts
  },
  "view.saved": { permission: "session:read", at: "organization", isOwn: true, input: () => ({ list: "audit", name: newId(), query: "?f=action~is~x" }) },
  "view.updated": {
    permission: "session:read",
    at: "organization",
    isOwn: true,
    input: () => ({ id: newId(), updatedAt: "2026-11-22T20:00:00Z" }),
    fails: "not_found", // a view is its maker's: lib/saved-views/saved-views.db.test.ts
  },
  "view.deleted": { permission: "session:read", at: "organization", isOwn: true, input: () => ({ id: newId() }), fails: "not_found" },
  "emergency-link.created": {
    permission: "system:update",
    at: "organization",
    input: () => ({ person: "root@example.com" }),
    fails: "not_found", // only the operator, on the host, makes one
  },
  "emergency-session.started": {
    permission: "session:create",
    at: "organization",
    isOwn: true,
    input: () => ({ secret: "x".repeat(43), token: "t".repeat(43) }),
    fails: "not_found", // no link has this secret
  },
  "emergency-session.ended": { permission: "session:revoke", at: "organization", isOwn: true, entries: 0, input: () => ({ id: newId() }) }, // it has ended already
  "password-link.created": { permission: "user:update", at: "organization", input: (things) => ({ principalId: things.ownerId }) },
  "password-link.mailed": {
    permission: "user:update",
    at: "organization",
    input: () => ({ email: "lena@example.com" }),
    fails: "not_found", // only the server mails one
  },
  "password.reset": {
    permission: "session:create",
    at: "organization",
    isOwn: true,
    input: () => ({ secret: "x".repeat(43), hash: "$argon2id$v=19$x" }),
    fails: "not_found", // no link has this secret
  },
  "session.started": { permission: "session:create", at: "organization", isOwn: true, input: () => ({ token: newId().padEnd(43, "x") }) },
  // The sample's actor comes with a session that was never opened, so there is nothing to end: no entry, and no error either.
  "session.ended": { permission: "session:revoke", at: "organization", isOwn: true, input: () => ({}), entries: 0 },
  "profile.updated": { permission: "session:create", at: "organization", isOwn: true, input: () => ({ fullName: unique() }), entries: 1 },
  // The sample's people have no password of their own.
  "password.changed": {
    permission: "session:create",
    at: "organization",
    isOwn: true,
    input: () => ({ current: "x", next: "four words of some length" }),
    fails: "conflict",
  },
  "session.revoked": { permission: "session:revoke", at: "organization", input: byId("sessionId", "sessionId") },
  "session.others-ended": { permission: "session:revoke", at: "organization", isOwn: true, input: () => ({}) },
  "personal-token.created": { permission: "personal-token:create", at: "organization", isOwn: true, input: () => ({ name: unique() }) },
  "personal-token.revoked": { permission: "personal-token:revoke", at: "organization", input: byId("tokenId", "tokenId") },
  "login-token.issued": { permission: "session:create", at: "organization", isOwn: true, input: () => ({}) },
  "device.approved": { permission: "workspace:read", names: true, input: (things) => ({ deviceId: things.pendingDeviceId, userCode: things.userCode }) },
  "device.code-checked": {
    permission: "workspace:read",
    names: true,
    entries: 0, // a wrong code is the entry
    input: (things) => ({ deviceId: things.pendingDeviceId, userCode: things.userCode }),
  },
  "device.refused": {
    permission: "workspace:read",
    names: true,
    input: (things) => ({ deviceId: things.pendingDeviceId, userCode: things.userCode, suspicious: true }),
  },
  "device.signed-in": { permission: "device:update", names: true, input: byId("verifiedDeviceId", "deviceId") },
  // One's devices are one's own in every workspace.
  "device.locked": { permission: "device:lock", input: (things) => ({ deviceId: things.deviceId, locked: true }) },
  "device.deleted": { permission: "device:revoke", input: byId("deviceId", "deviceId") },
  "organization.created": {
    permission: "organization:update",
    at: "organization",
    input: () => ({ secret: "x", organization: "Second", timeZone: "UTC", name: "Mallory", email: "m@example.com", password: "four words of some length" }),
    fails: "conflict", // there is one organization already
  },
  "workspace.created": { permission: "workspace:create", at: "organization", input: () => ({ name: unique() }) },
  "workspace.updated": { permission: "workspace:update", input: (things) => ({ id: things.workspaceId, displayName: "Another name" }) },
  // The key of the tests comes from the environment, which names no new one.
  "master-key.rotation-started": { permission: "system:update", at: "organization", input: () => ({}), fails: "conflict" },
  "workspace.networks-set": { permission: "policy:update", input: (things) => ({ id: things.workspaceId, allowNetworks: [`fd00:${newId().slice(-4)}::/32`] }) },
  "workspace.suspended": { permission: "workspace:suspend", at: "organization", input: byId("spareWorkspaceId") },
  "workspace.restored": { permission: "workspace:restore", at: "organization", input: byId("suspendedWorkspaceId") },
  "workspace.deleted": {
    permission: "workspace:delete",
    at: "organization",
    input: (things) => ({ id: things.spareWorkspaceId, name: `s-${things.spareWorkspaceId}` }),
  },
  "grant.created": { permission: "grant:create", input: (things) => ({ principalId: things.memberId, role: "contributor", scope: "workspace" }) },
  "grant.changed": { permission: "grant:update", names: true, input: (things) => ({ grantId: things.grantId, role: "contributor" }) },
  "grant.shared": {
    permission: "grant:share",
    input: (things) => ({ email: `${things.memberId}@example.com`, role: "viewer", thingType: "stack", thingId: things.stackId }),
  },
  "grant.share-ended": { permission: "grant:share", names: true, input: byId("stackShareId", "grantId") },
  "grant.ended": { permission: "grant:delete", names: true, input: byId("grantId", "grantId") },
  // Everybody asks for themselves, for a role on the whole organization too.
  "access-request.created": {
    permission: "session:create",
    at: "organization",
    isOwn: true,
    input: () => ({ role: "auditor", scope: "organization", reason: "the audit of the year" }),
  },
  "access-request.withdrawn": { permission: "session:create", names: true, input: byId("ownRequestId", "requestId") },
  "access-request.decided": { permission: "grant:create", names: true, input: (things) => ({ requestId: things.accessRequestId, decision: "grant" }) },
  // The sessions of these tests are no rows.
  "role-view.started": { permission: "grant:create", input: () => ({ role: "viewer", scope: "workspace" }), fails: "not_found" },
  "role-view.ended": { permission: "session:create", at: "organization", isOwn: true, entries: 0, input: () => ({}) },
  "access-review.opened": {
    permission: "access-review:create",
    input: () => ({ name: unique(), dueAt: new Date(Date.now() + 86_400_000).toISOString() }),
  },
  "access-review.decided": {
    permission: "access-review:sign-off",
    names: true,
    input: (things) => ({ reviewId: things.reviewId, itemIds: [things.reviewItemId], decision: "keep" }),
  },
  "access-review.delegated": {
    permission: "access-review:sign-off",
    names: true,
    input: (things) => ({ reviewId: things.reviewId, itemIds: [things.reviewItemId], to: "" }),
  },
  "access-review.signed-off": { permission: "access-review:sign-off", names: true, input: byId("decidedReviewId", "reviewId") },
  "access-review.cancelled": {
    permission: "access-review:create",
    names: true,
    input: (things) => ({ reviewId: things.reviewId, comment: "a mistake" }),
  },
  "invitation.created": { permission: "invitation:create", input: () => ({ email: `${unique()}@example.com`, role: "viewer", scope: "workspace" }) },
  "invitation.resent": { permission: "invitation:update", names: true, input: byId("invitationId", "invitationId") },
  "invitation.revoked": { permission: "invitation:delete", names: true, input: byId("invitationId", "invitationId") },
  // Whoever holds the link accepts, through acceptWithLink; nobody holds this one.
  "invitation.accepted": { permission: "invitation:update", at: "organization", input: () => ({ secret: "x" }), fails: "not_found" },
  "directory.created": { permission: "directory:create", at: "organization", input: () => ({ slug: unique(), name: "Okta", provider: "okta" }) },
  "directory.updated": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, name: "Renamed", provider: "okta", silentAfterHours: 24, holdPercent: 10, active: true }),
  },
  "directory-token.rotated": { permission: "directory:update", at: "organization", input: byId("directoryId", "directoryId") },
  "directory-hold.applied": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ ...ofHold(things), typedName: "Holding" }),
    entries: 2, // the decision, and the person's end
  },
  "directory-hold.discarded": { permission: "directory:update", at: "organization", input: (things) => ofHold(things) },
  "group-rule.created": { permission: "group-rule:create", at: "organization", input: viewersRule },
  "group-rule.withdrawn": { permission: "group-rule:delete", at: "organization", input: byId("waitingRuleId", "ruleId") },
  "group-rule.deleted": { permission: "group-rule:delete", at: "organization", input: byId("groupRuleId", "ruleId") },
  "role.created": { permission: "role:create", at: "organization", input: () => ({ name: `r${unique()}`, base: "viewer" }) },
  "role.updated": {
    permission: "role:update",
    at: "organization",
    input: (things) => ({ name: things.roleName, revision: 1, rights: { "run:read": "any" } }),
  },
  "role.deleted": { permission: "role:delete", at: "organization", input: byId("roleName", "name") },
  // Two entries: the organization's, and that of the workspace which gets it. What places do more: lib/integrations/integrations.db.test.ts.
  "integration.created": {
    permission: "integration:create",
    at: "organization",
    entries: 2,
    input: (things) => ({ name: unique(), values: { token: unique() }, workspaces: [things.workspaceId] }),
  },
  "integration.updated": {
    permission: "integration:update",
    at: "organization",
    entries: 2,
    input: (things) => ({ id: things.integrationId, description: unique() }),
  },
  "integration.rotated": {
    permission: "integration:update",
    at: "organization",
    entries: 2,
    input: (things) => ({ id: things.integrationId, patch: { token: unique() } }),
  },
  "integration.version-restored": {
    permission: "integration:update",
    at: "organization",
    input: (things) => ({ id: things.integrationId, version: 1 }),
    fails: "conflict", // it has one version, which holds
  },
  "integration.version-destroyed": {
    permission: "integration:delete",
    at: "organization",
    input: (things) => ({ id: things.integrationId, version: 1, typedName: things.integrationName }),
    fails: "conflict",
  },
  "integration.deleted": {
    permission: "integration:delete",
    at: "organization",
    entries: 2,
    input: (things) => ({ id: things.integrationId, typedName: things.integrationName }),
  },
  "integration.undeleted": { permission: "integration:delete", at: "organization", input: byId("deletedIntegrationId"), fails: "conflict" }, // its name is the other's
  "integration.destroyed": {
    permission: "integration:delete",
    at: "organization",
    input: (things) => ({ id: things.deletedIntegrationId, typedName: things.integrationName }),
  },
  "team.created": { permission: "team:create", at: "organization", input: () => ({ name: unique() }) },
  "team.updated": { permission: "team:update", at: "organization", input: (things) => ({ teamId: things.teamId, name: unique() }) },
  "team.deleted": { permission: "team:delete", at: "organization", input: byId("filledTeamId", "teamId") },
  "team.member-added": {
    permission: "team:update",
    at: "organization",
    input: (things) => ({ teamId: things.teamId, principalId: things.memberId }),
  },
  "team.member-removed": {
    permission: "team:update",
    at: "organization",
    input: (things) => ({ teamId: things.filledTeamId, principalId: things.memberId }),
  },
  "directory-user.provisioned": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, state: personState() }),
  },
  "directory-user.updated": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, userId: things.directoryUserId, version: 1, state: personState() }),
  },
  "directory-user.removed": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, userId: things.directoryUserId }),
  },
  "directory-group.named": {
    permission: "group-rule:create",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, name: unique() }),
    fails: "conflict", // it is a directory that sends its groups: lib/sso/sign-on.db.test.ts
  },
  "directory-group.provisioned": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, state: { displayName: unique(), externalId: null }, members: [things.directoryUserId] }),
  },
  "directory-group.updated": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, groupId: things.directoryGroupId, version: 1, state: { displayName: unique(), externalId: null } }),
  },
  "directory-group.removed": {
    permission: "directory:update",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, groupId: things.directoryGroupId }),
  },
  "sso-identity.signed-on": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, said: saidOf(unique()), linkTo: things.memberId }),
  },
  "sso-session.ended": {
    permission: "sso-connection:update",
    at: "organization",
    entries: 0, // nobody signed in through it
    input: (things) => ({ connectionId: things.ssoConnectionId, subject: "s", sessionIndexes: [] }),
  },
  "sso-connection.tested": {
    permission: "sso-connection:test",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, attemptId: things.ssoAttemptId, version: 1, result: TEST_RESULT }),
  },
  "sso-connection.test-kept": {
    permission: "sso-connection:test",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, attemptId: things.ssoTestId }),
  },
  "sso-connection.created": {
    permission: "sso-connection:create",
    at: "organization",
    input: () => ({ slug: unique(), name: "Okta", provider: "okta", protocol: "saml" }),
  },
  "sso-connection.saml-set": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({
      connectionId: things.ssoConnectionId,
      issuer: "https://idp.example",
      ssoUrl: "https://idp.example/sso",
      ssoBinding: "redirect",
      certificates: CERTIFICATE,
    }),
    fails: "conflict", // it is a connection of OpenID Connect: lib/sso/connections.db.test.ts
  },
  "sso-connection.oidc-set": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({
      connectionId: things.ssoConnectionId,
      issuer: "https://idp.example",
      clientId: "reeve",
      scopes: "email profile",
      clientSecret: "x",
    }),
  },
  "sso-connection.attributes-set": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, email: "mail" }),
  },
  "sso-connection.options-set": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, name: "Renamed" }),
  },
  "canary.switched": { permission: "system:update", at: "organization", input: () => ({ isOn: false }) },
  "canary.requested": { permission: "system:update", at: "organization", input: () => ({}) },
  "canary.measured": {
    permission: "system:update",
    at: "organization",
    input: (things) => ({
      roundId: things.canaryRoundId,
      trials: [{ cause: "deactivated", surface: "page", canary: "canary-1", seconds: 0.01, failure: null }],
      failure: null,
    }),
  },
  "sso-connection.switched": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, state: "off" }),
  },
  "sso-connection.deleted": { permission: "sso-connection:delete", at: "organization", input: byId("ssoConnectionId", "connectionId") },
  "sso-domain.added": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, domain: `${unique()}.example` }),
  },
  "sso-domain.proven": {
    permission: "sso-connection:update",
    at: "organization",
    input: (things) => ({ domainId: things.ssoDomainId, records: [`reeve-domain-verification=${things.ssoDomainId}`] }),
  },
  "sso-domain.confirmed": { permission: "sso-connection:update", at: "organization", input: (things) => ({ domainId: things.ssoDomainId, reason: "x" }) },
  "sso-domain.removed": { permission: "sso-connection:update", at: "organization", input: byId("ssoDomainId", "domainId") },
  "sso-domain.enforced": {
    permission: "sso-connection:enforce",
    at: "organization",
    input: byId("ssoDomainId", "domainId"),
    fails: "conflict", // it is not proven: lib/sso/enforce-domain.db.test.ts
  },
  "sso-domain.enforcement-ended": {
    permission: "sso-connection:enforce",
    at: "organization",
    entries: 0, // it is not enforced
    input: byId("ssoDomainId", "domainId"),
  },
  "user.deactivated": { permission: "user:deactivate", at: "organization", input: byId("memberId", "principalId") },
  "user.restored": { permission: "user:deactivate", at: "organization", input: byId("leaverId", "principalId") },
  "user.sessions-ended": { permission: "user:end-sessions", at: "organization", input: byId("memberId", "principalId") },
  "audit-entry.exported": { permission: "audit-entry:export", input: () => ({ format: "csv", filters: [] }) },

  "pipeline.created": { permission: "pipeline:create", isOwn: true, input: () => ({ project: "default", name: unique() }) },
  "pipeline.updated": { permission: "pipeline:update", names: true, input: (things) => ({ pipelineId: things.pipelineId, description: "x", ...none }) },
  // Without runs: with some it also asks for the right to delete those.
  "pipeline.deleted": { permission: "pipeline:delete", names: true, input: byId("emptyPipelineId", "pipelineId") },
  "schedule.created": {
    permission: "trigger:create",
    names: true,
    input: (things) => ({
      project: "default",
      name: unique(),
      active: true,
      cronExpression: "0 2 * * *",
      startTime: null,
      endTime: null,
      intervalS: null,
      catchup: false,
      runOnceStartTime: null,
      orchestratorId: things.componentId,
      pipelineId: things.pipelineId,
    }),
  },
  "schedule.updated": { permission: "trigger:update", names: true, input: (things) => ({ scheduleId: things.scheduleId, ...nothingNew, active: false }) },
  "schedule.deleted": { permission: "trigger:delete", names: true, input: (things) => ({ scheduleId: things.scheduleId, isSoft: false }) },
  "snapshot.created": {
    permission: "snapshot:create",
    isOwn: true,
    names: true,
    input: (things) => ({
      project: "default",
      pipelineId: things.pipelineId,
      stackId: things.stackId,
      scheduleId: null,
      name: null,
      replace: false,
      description: null,
      runNameTemplate: "r",
      isDynamic: false,
      clientVersion: null,
      serverVersion: null,
      pipelineVersionHash: null,
      codePath: null,
      sourceCode: null,
      pipelineConfiguration: "{}",
      clientEnvironment: "{}",
      pythonPackages: null,
      pipelineSpec: null,
      steps: [],
      tags: null,
    }),
  },
  "run.started": {
    permission: "run:create",
    isOwn: true,
    names: true,
    input: (things) => ({
      project: "default",
      snapshotId: things.snapshotId,
      name: unique(),
      status: "running",
      statusReason: null,
      orchestratorRunId: null,
      startTime: null,
      endTime: null,
      orchestratorEnvironment: null,
      pythonPackages: null,
      triggerInfo: null,
      exceptionInfo: null,
      logId: null,
      tags: null,
    }),
  },
  "run.updated": {
    permission: "run:update",
    names: true,
    input: (things) => ({ runId: things.runId, status: "failed", statusReason: "x", orchestratorRunId: null, exceptionInfo: null, ...none }),
  },
  "run.bulk-tags-started": bulk("run:update", "runs", "tag", "runId"),
  "run.bulk-stop-started": bulk("run:stop", "runs", "stop", "runId"),
  "run.bulk-delete-started": bulk("run:delete", "runs", "delete", "runId"),
  "pipeline.bulk-tags-started": bulk("pipeline:update", "pipelines", "tag", "pipelineId"),
  "pipeline.bulk-delete-started": bulk("pipeline:delete", "pipelines", "delete", "pipelineId"),
  "artifact.bulk-tags-started": bulk("artifact:update", "artifact-versions", "tag", "artifactVersionId"),
  "artifact.bulk-delete-started": bulk("artifact:delete", "artifacts", "delete", "artifactId"),
  "model.bulk-tags-started": bulk("model:update", "models", "tag", "modelId"),
  "model.bulk-delete-started": bulk("model:delete", "model-versions", "delete", "modelVersionId"),
  "run.bulk-cancelled": { permission: "run:update", names: true, input: byId("runJobId", "jobId") },
  "pipeline.bulk-cancelled": { permission: "pipeline:update", names: true, input: byId("pipelineJobId", "jobId") },
  "artifact.bulk-cancelled": { permission: "artifact:update", names: true, input: byId("artifactJobId", "jobId") },
  "model.bulk-cancelled": { permission: "model:update", names: true, input: byId("modelJobId", "jobId") },
  // Its step still runs, as the run says already.
  "run.refreshed": { permission: "run:update", names: true, entries: 0, input: byId("runId", "runId") },
  "run.deleted": { permission: "run:delete", names: true, input: byId("runId", "runId") },
  "run.reconciled": { permission: "run:update", input: byId("runId", "runId"), names: true, entries: 0 }, // a run without signs of life changes nothing
  "run.stopped": { permission: "run:stop", names: true, input: (things) => ({ runId: things.runId, isGraceful: true }) },
  "step.heartbeat": { permission: "run:update", names: true, entries: 0, input: byId("stepId", "stepId") },
  "wait-condition.created": {
    permission: "run:update",
    names: true,
    input: (things) => ({ runId: things.dynamicRunId, name: "approve", question: "go on?", dataSchema: '{"type":"integer"}', metadata: "{}" }),
  },
  "wait-condition.polled": {
    permission: "run:update",
    names: true,
    input: (things) => ({ id: things.questionId, pollerId: "x", leaseUntil: "2026-11-22T20:00:00.000Z", mode: "finalize" }),
  },
  "wait-condition.resolved": { permission: "run:update", names: true, input: (things) => ({ id: things.questionId, resolution: "continue", result: "3" }) },
  "step.started": {
    permission: "run:update",
    names: true,
    entries: 0, // a step's end is the entry
    input: (things) => stepInput(things.runId, { name: "planned", startTime: "2026-11-22T20:00:00.000000Z" }),
  },
  "step.updated": {
    permission: "run:update",
    names: true,
    input: (things) => ({
      stepId: things.stepId,
      status: "completed",
      endTime: null,
      cacheExpiresAt: null,
      exceptionInfo: null,
      outputs: {},
      loadedArtifactVersions: {},
    }),
  },
  "run.log-registered": {
    permission: "run:create",
    isOwn: true,
    input: () => ({ id: newId(), project: "default", source: "client", uri: null, artifactStoreId: null, logStoreId: null }),
  },
  "run.log-added": {
    permission: "run:update",
    names: true,
    input: (things) => ({
      id: newId(),
      project: "default",
      source: "client",
      uri: null,
      artifactStoreId: null,
      logStoreId: null,
      runId: things.runId,
      stepRunId: null,
    }),
  },
  "run.log-attached": { permission: "run:update", names: true, input: (things) => ({ id: things.freeLogId, runId: things.runId, stepRunId: null }) },
  "run.metadata-logged": metadata("run:update", "pipeline_run", "runId"),
  "artifact.metadata-logged": metadata("artifact:update", "artifact_version", "artifactVersionId"),
  "model.metadata-logged": metadata("model:update", "model_version", "modelVersionId"),

  "artifact-version.created": {
    permission: "artifact:create",
    isOwn: true,
    input: () => ({
      project: "default",
      versions: [
        {
          artifactId: null,
          artifactName: unique(),
          hasCustomName: false,
          version: null,
          type: "DataArtifact",
          uri: "/tmp/x",
          materializer: {},
          dataType: {},
          saveType: "step_output",
          contentHash: null,
          itemCount: null,
          artifactStoreId: null,
          tags: null,
          visualizations: null,
          metadata: new Map(),
        },
      ],
    }),
  },
  "artifact.updated": {
    permission: "artifact:update",
    names: true,
    input: (things) => ({ id: things.artifactId, name: unique(), hasCustomName: true, ...none }),
  },
  "artifact.deleted": { permission: "artifact:delete", names: true, input: byId("artifactId") },
  "artifact-version.visualization-issued": { permission: "artifact:read", names: true, input: byId("visualizationId") },
  "artifact-version.visualization-shown": {
    permission: "artifact:read",
    input: () => ({ secret: "x".repeat(43) }),
    fails: "not_found", // no ticket has this secret: lib/artifacts/open-files.db.test.ts
  },
  "artifact-version.data-shown": {
    permission: "artifact:download",
    names: true,
    input: (things) => ({ versionId: things.artifactVersionId, file: "data.json" }),
  },
  "artifact-version.download-issued": {
    permission: "artifact:download",
    names: true,
    input: (things) => ({ versionId: things.artifactVersionId, isWire: false }),
  },
  "artifact-version.download-fetched": {
    permission: "artifact:download",
    input: (things) => ({ secret: "x".repeat(43), versionId: things.artifactVersionId, isWire: false }),
    fails: "not_found", // no ticket has this secret: lib/artifacts/open-files.db.test.ts
  },
  "artifact-version.updated": {
    permission: "artifact:update",
    names: true,
    input: (things) => ({ id: things.artifactVersionId, addTags: [unique()], removeTags: null }),
  },
  "artifact-version.deleted": { permission: "artifact:delete", names: true, input: byId("artifactVersionId") },

  "model.created": {
    permission: "model:create",
    isOwn: true,
    input: () => ({ project: "default", name: unique(), ...about, save_models_to_registry: true, tags: null }),
  },
  "model.updated": {
    permission: "model:update",
    names: true,
    input: (things) => ({ id: things.modelId, name: null, ...about, save_models_to_registry: null, ...none }),
  },
  "model.deleted": { permission: "model:delete", names: true, input: byId("modelId") },
  "model-version.created": {
    permission: "model:create",
    isOwn: true,
    names: true,
    input: (things) => ({ project: "default", modelId: things.modelId, name: null, description: null, tags: null }),
  },
  "model-version.updated": {
    permission: "model:update",
    names: true,
    input: (things) => ({ id: things.modelVersionId, name: null, description: "x", ...none }),
  },
  "model-version.stage-set": {
    permission: "model:promote",
    names: true,
    input: (things) => ({ id: things.modelVersionId, stage: "production", force: false }),
  },
  "model-version.deleted": { permission: "model:delete", names: true, input: byId("modelVersionId") },
  "model.artifact-linked": {
    permission: "model:update",
    names: true,
    input: (things) => ({ modelVersionId: things.modelVersionId, artifactVersionId: things.artifactVersionId }),
  },
  "model.run-linked": { permission: "run:update", names: true, input: (things) => ({ modelVersionId: things.modelVersionId, runId: things.runId }) },

  "stack.created": {
    permission: "stack:create",
    isOwn: true,
    names: true,
    input: (things) => ({ name: unique(), components: [things.componentId, things.artifactStoreId] }),
  },
  "stack.copied": { permission: "stack:create", isOwn: true, names: true, input: (things) => ({ id: things.stackId, name: unique() }) },
  "stack.updated": { permission: "stack:update", names: true, input: (things) => ({ id: things.stackId, description: unique() }) },
  "stack.deleted": { permission: "stack:delete", names: true, input: byId("stackId") },
  "component.created": {
    permission: "component:create",
    isOwn: true,
    input: () => ({ name: unique(), type: "artifact_store", flavor: "local", configuration: '{"path":"/tmp/x"}' }),
  },
  "component.copied": { permission: "component:create", isOwn: true, names: true, input: (things) => ({ id: things.componentId, name: unique() }) },
  "component.updated": { permission: "component:update", names: true, input: (things) => ({ id: things.componentId, labels: `{"a":"${unique()}"}` }) },
  "component.deleted": { permission: "component:delete", names: true, input: byId("componentId") },
  "flavor.created": {
    permission: "flavor:create",
    isOwn: true,
    input: () => ({ name: unique(), type: "alerter", source: "mine.flavors.Bell", configSchema: "{}" }),
  },
  "flavor.updated": { permission: "flavor:update", names: true, input: (things) => ({ id: things.flavorId, source: `mine.${unique()}` }) },
  "flavor.deleted": { permission: "flavor:delete", names: true, input: byId("flavorId") },
  "flavor.synced": { permission: "workspace:update", input: () => ({}), entries: 0 },

  "secret.created": { permission: "secret:create", isOwn: true, input: () => ({ name: unique(), isPrivate: false, values: { token: unique() } }) },
  "secret.updated": { permission: "secret:update", names: true, input: (things) => ({ id: things.secretId, patch: { token: unique() } }) },
  // It has one version, which holds.
  "secret.taken-over": { permission: "secret:update", names: true, input: byId("secretId"), fails: "conflict" },
  "secret.version-restored": { permission: "secret:update", names: true, input: (things) => ({ id: things.secretId, version: 1 }), fails: "conflict" },
  // It has one version, which holds: lib/secrets/secrets.db.test.ts.
  "secret.version-destroyed": {
    permission: "secret:delete",
    names: true,
    input: (things) => ({ id: things.secretId, version: 1, typedName: things.secretName }),
    fails: "conflict",
  },
  "secret.deleted": { permission: "secret:delete", names: true, input: byId("secretId") },
  "secret.undeleted": { permission: "secret:delete", names: true, input: byId("deletedSecretId"), fails: "conflict" }, // its name is the other's
  "secret.destroyed": {
    permission: "secret:delete",
    names: true,
    input: (things) => ({ id: things.deletedSecretId, typedName: things.secretName }),
  },
  "secret.leak-marked": {
    permission: "secret:update",
    names: true,
    input: (things) => ({ id: things.secretId, since: "2026-01-01T00:00:00Z", reason: "It stood in a public log.", typedName: things.secretName }),
  },
  "secret.leak-cleared": {
    permission: "secret:update",
    names: true,
    input: (things) => ({ id: things.secretId, reason: "It was another key." }),
    fails: "conflict", // it is not marked: lib/secrets/leaks.db.test.ts
  },
  "secret.bound": { permission: "secret:bind", names: true, input: (things) => ({ id: things.secretId, kind: "stack", targetId: things.stackId }) },
  "secret.unbound": { permission: "secret:bind", names: true, input: (things) => ({ id: things.secretId, bindingId: things.bindingId }) },
  "secret.read": { permission: "secret:read-value", isOwnersOnly: true, names: true, input: byId("secretId") },
  "secret.tested": { permission: "secret:update", names: true, input: byId("secretId"), fails: "invalid_input" }, // a generic one: lib/secrets/kinds.db.test.ts
  "secret.test-answered": {
    permission: "secret:update",
    names: true,
    input: (things) => ({ id: things.secretId, version: 1, outcome: "worked", words: "It worked." }),
  },
  "secret.values-tried": { permission: "secret:create", isOwn: true, input: () => ({ kind: "openai", values: { api_key: unique() } }) },
  "secret.values-answered": { permission: "secret:create", isOwn: true, input: () => ({ kind: "openai", outcome: "worked", words: "It worked." }) },
  "secret.revealed": { permission: "secret:read-value", names: true, input: (things) => ({ id: things.secretId, reason: "The lake refused its key." }) },

  "secret.reveal-asked": {
    permission: "secret:read-value",
    names: true,
    input: (things) => ({ id: things.secretId, reason: "The lake refused its key." }),
    fails: "conflict", // the workspace needs no second person: lib/secrets/reveals.db.test.ts
  },
  "secret.reveal-decided": {
    permission: "secret:read-value",
    names: true,
    input: (things) => ({ requestId: things.revealRequestId, decision: "approve" }),
  },
  "secret.reveal-withdrawn": { permission: "session:create", names: true, input: byId("ownRevealId", "requestId") },
  "workspace.reveal-policy-set": { permission: "workspace:update", input: () => ({ revealsNeedSecond: false }) },
  "secret-store.saved": {
    permission: "secret:read-value",
    isOfAll: true,
    names: true,
    input: (things) => ({ id: things.secretStoreId, type: "vault", settings: storeSettings(), isTried: false }), // a new one: lib/secret-stores
  },
  "secret-store.chosen": { permission: "secret:read-value", isOfAll: true, input: () => ({ storeId: "" }), entries: 0 }, // as it is; another one: lib/secret-stores
  "secret-store.verified": { permission: "workspace:update", names: true, input: (things) => ({ id: things.secretStoreId, error: null }) },
  "secret-store.removed": { permission: "workspace:update", names: true, input: byId("secretStoreId") },

  // What a move does once it has begun: lib/secret-stores/moves.db.test.ts
  "secret-store.move-started": {
    permission: "secret:read-value",
    isOfAll: true,
    input: () => ({ to: "01980000-0000-7000-8000-000000000000" }),
    fails: "not_found",
  },
  "secret-store.move-cancelled": { permission: "workspace:update", input: byId("secretMoveId", "moveId"), fails: "conflict" },
  "secret-store.move-continued": { permission: "secret:read-value", isOfAll: true, input: byId("secretMoveId", "moveId"), fails: "conflict" },
  "secret-store.cut-over": { permission: "secret:read-value", isOfAll: true, input: byId("secretMoveId", "moveId"), fails: "conflict" },
  "secret-store.rolled-back": { permission: "secret:read-value", isOfAll: true, input: byId("secretMoveId", "moveId"), fails: "conflict" },
  "secret-store.move-ended": {
    permission: "workspace:update",
    input: (things) => ({ moveId: things.secretMoveId, typedName: "another" }),
    fails: "invalid_input",
  },

  "connector.created": { permission: "connector:create", isOwn: true, input: () => ({ wish: connectorWish(), isLax: false, error: null, isTried: false }) },
  "connector.updated": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, description: unique(), isLax: false, error: null, isTried: false }),
  },
  "connector.deleted": { permission: "connector:delete", names: true, input: byId("connectorId") },
  "connector.verified": { permission: "connector:verify", names: true, input: (things) => ({ id: things.connectorId, error: null }) },
  "connector.rotation-begun": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, keys: { aws_session_token: unique() } }),
  },
  "connector.keys-tried": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, version: 1, error: null }),
    fails: "conflict", // no new keys wait
  },
  "connector.rotation-dropped": { permission: "connector:update", names: true, input: byId("connectorId"), fails: "conflict" }, // as above
  "connector.credential-revoked": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, issueId: things.connectorIssueId }),
  },
  "connector.revocation-asked": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, issueId: things.connectorIssueId }),
  },
  "connector.revocation-failed": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, issueId: things.connectorIssueId, error: "refused" }),
  },
  "connector.issued": { permission: "connector:use", names: true, input: (things) => ({ id: things.connectorId, facts: ISSUED }) },
  "workspace.keys-policy-set": { permission: "workspace:update", input: () => ({ longLivedKeysLeave: true }) },

  "tag.created": { permission: "tag:create", isOwn: true, input: () => ({ name: unique() }) },
  "tag.updated": { permission: "tag:update", names: true, input: (things) => ({ tagId: things.tagId, color: "blue" }) },
  "tag.deleted": { permission: "tag:delete", names: true, input: byId("tagId", "tagId") },
  "pipeline.tagged": tagging("pipeline:update", "pipeline", "pipelineId", "tagId"),
  "snapshot.tagged": tagging("snapshot:update", "pipeline_snapshot", "snapshotId", "tagId"),
  "run.tagged": tagging("run:update", "pipeline_run", "runId", "tagId"),
  "artifact.tagged": tagging("artifact:update", "artifact_version", "artifactVersionId", "tagId"),
  "model.tagged": tagging("model:update", "model_version", "modelVersionId", "tagId"),
  "pipeline.tags-edited": tagsEdit("pipeline:update", "pipeline", "pipelineId"),
  "snapshot.tags-edited": tagsEdit("snapshot:update", "pipeline_snapshot", "snapshotId"),
  "run.tags-edited": tagsEdit("run:update", "pipeline_run", "runId"),
  "artifact.tags-edited": tagsEdit("artifact:update", "artifact_version", "artifactVersionId"),
  "model.tags-edited": tagsEdit("model:update", "model_version", "modelVersionId"),
  "pipeline.untagged": tagging("pipeline:update", "pipeline", "pipelineId", "usedTagId"),
  "snapshot.untagged": tagging("snapshot:update", "pipeline_snapshot", "snapshotId", "usedTagId"),
  "run.untagged": tagging("run:update", "pipeline_run", "runId", "usedTagId"),
  "artifact.untagged": tagging("artifact:update", "artifact_version", "artifactVersionId", "usedTagId"),
  // The person and the grant of their starting role.
  "user.created": { permission: "user:create", entries: 2, input: () => ({ name: unique(), password: "seven grey herons wade" }) },
  "activation-link.created": { permission: "user:update", input: byId("leaverId", "principalId") },
  // The token is the proof; whoever comes without one that holds is refused.
  "user.activated": {
    permission: "user:update",
    at: "organization",
    input: (things) => ({ principalId: things.leaverId, token: newId().padEnd(43, "x"), password: "seven grey herons wade" }),
    fails: "not_found",
  },
  "member.removed": { permission: "grant:delete", input: byId("memberId", "principalId") },
  "member.admin-set": { permission: "grant:create", input: (things) => ({ principalId: things.memberId, isAdmin: true }) },
  "project.created": { permission: "project:create", isOwn: true, input: () => ({ name: unique() }) },
  "project.updated": { permission: "project:update", names: true, input: (things) => ({ project: things.emptyProjectId, description: "x" }) },
  "project.deleted": { permission: "project:delete", names: true, input: byId("emptyProjectId", "project") },
  "default-project.chosen": { permission: "project:read", names: true, input: byId("emptyProjectId", "project") },
  // The account and the grant of its starting role.
  "service-account.created": { permission: "service-account:create", isOwn: true, entries: 2, input: () => ({ name: unique() }) },
  "service-account.updated": {
    permission: "service-account:update",
    names: true,
    input: (things) => ({ account: things.serviceAccountId, description: "x", active: false }),
  },
  "service-account.deleted": { permission: "service-account:delete", names: true, input: byId("serviceAccountId", "account") },
  "api-key.created": { permission: "api-key:create", names: true, input: (things) => ({ account: things.serviceAccountId, name: unique() }) },
  "api-key.rotated": {
    permission: "api-key:rotate",
    names: true,
    input: (things) => ({ account: things.serviceAccountId, key: things.apiKeyId, retainMinutes: 5 }),
  },
  "api-key.updated": {
    permission: "api-key:update",
    names: true,
    input: (things) => ({ account: things.serviceAccountId, key: things.apiKeyId, active: false }),
  },
  "api-key.deleted": { permission: "api-key:delete", names: true, input: (things) => ({ account: things.serviceAccountId, key: things.apiKeyId }) },
  "model.untagged": tagging("model:update", "model_version", "modelVersionId", "usedTagId"),
};

const spec = { conditions: [], logic: "and", sort: { field: "created", direction: "desc" }, limit: 1_000 };
const list = (permission: Permission, more: object = {}): Sample => ({ permission, isOwn: true, input: () => ({ spec, always: [], ...more }) });
const table = (permission: Permission): Sample => ({
  permission,
  isOwn: true,
  input: () => ({ conditions: [], sort: { field: "name", direction: "asc" } }),
});
/** A list whose rows are filtered: everybody may ask, nobody sees what they may not. */
const keyset = (sort: { field: string; direction: "asc" | "desc" }, more: object = {}): Sample => ({
  permission: "session:read",
  isOwn: true,
  input: () => ({ conditions: [], sort, ...more }),
});
const inDirectory = (field: string): Sample => ({
  permission: "directory:read",
  at: "organization",
  input: (things) => ({ directoryId: things.directoryId, conditions: [], sort: { field, direction: "asc" } }),
});
const ofConnection = (right: "read" | "update", more: object = {}): Sample => ({
  permission: `sso-connection:${right}`,
  at: "organization",
  input: (things) => ({ connectionId: things.ssoConnectionId, ...more }),
});
const projectList = (permission: Permission): Sample => ({ permission, isOwn: true, input: (things) => ({ spec, projectId: things.projectId }) });
/** The project comes from the path, which was resolved for the workspace before; an id of another one lists nothing. */
const projectTable = (permission: Permission, field: string): Sample => ({
  permission,
  isOwn: true,
  input: (things) => ({ projectId: things.projectId, conditions: [], sort: { field, direction: "desc" } }),
});
const one = (permission: Permission, key: keyof TestThings, field = "id", more: object = {}): Sample => ({
  permission,
  names: true,
  input: (things) => ({ [field]: things[key], ...more }),
});

const preview = (permission: Permission, kind: string, key: keyof TestThings): Sample => ({
  permission,
  isOwn: true,
  input: (things) => ({ projectId: things.projectId, list: kind, act: "delete", selection: { ids: [things[key]] } }),
});

export const QUERY_SAMPLES: Record<string, Sample> = {
  "pipeline.table": projectTable("pipeline:read", "created"),
  "pipeline.page": { permission: "pipeline:read", names: true, input: (things) => ({ projectId: things.projectId, name: things.pipelineName }) },
  "pipeline.changes": { permission: "pipeline:read", names: true, input: (things) => ({ projectId: things.projectId, name: things.pipelineName }) },
  "snapshot.table": {
    permission: "snapshot:read",
    isOwn: true,
    names: true,
    input: (things) => ({ projectId: things.projectId, pipeline: things.pipelineName, conditions: [], sort: { field: "created", direction: "desc" } }),
  },
  "model.table": projectTable("model:read", "created"),
  "model.page": { permission: "model:read", names: true, input: (things) => ({ projectId: things.projectId, name: things.modelName }) },
  "model-version.table": projectTable("model:read", "created"),
  "model-version.page": {
    permission: "model:read",
    names: true,
    input: (things) => ({ projectId: things.projectId, model: things.modelName, version: "1" }),
  },
  "run.metadata-keys": { permission: "run:read", isOwn: true, input: (things) => ({ projectId: things.projectId, type: "pipeline_run", text: "" }) },
  "artifact.metadata-keys": {
    permission: "artifact:read",
    isOwn: true,
    input: (things) => ({ projectId: things.projectId, type: "artifact_version", text: "" }),
  },
  "model.metadata-keys": { permission: "model:read", isOwn: true, input: (things) => ({ projectId: things.projectId, type: "model_version", text: "" }) },
  "palette.searched": { permission: "session:read", at: "organization", isOwn: true, input: (things) => ({ text: things.runId, workspaceId: null }) },
  "view.listed": { permission: "session:read", at: "organization", isOwn: true, input: () => ({}) },
  "organization.notices": { permission: "session:read", at: "organization", isOwn: true, input: () => ({}) },
  "organization.home": { permission: "session:read", at: "organization", isOwn: true, input: () => ({}) },
  "master-key.list": { permission: "system:read", at: "organization", input: () => ({}) },
  "workspace.list": {
    permission: "session:read",
    at: "organization",
    isOwn: true,
    input: () => ({ conditions: [], sort: { field: "name", direction: "asc" } }),
  },
  // The rows are filtered: everybody may ask, nobody sees what they may not.
  "audit-entry.list": { permission: "session:read", isOwn: true, input: () => ({ conditions: [] }) },
  "audit-entry.get": { permission: "session:read", isOwn: true, input: () => ({ seq: 9_999_999 }), fails: "not_found" },
  "account.profile": { permission: "session:read", at: "organization", isOwn: true, input: () => ({}) },
  "account.sessions": { permission: "session:read", at: "organization", isOwn: true, input: () => ({}) },
  "account.sign-ons": { permission: "session:read", at: "organization", isOwn: true, input: () => ({}) },
  "personal-token.mine": { permission: "personal-token:read", at: "organization", isOwn: true, input: () => ({}) },
  "personal-token.places": { permission: "personal-token:read", at: "organization", isOwn: true, input: () => ({}) },
  "device.list": list("device:read"),
  "device.mine": { permission: "device:read", at: "organization", isOwn: true, input: () => ({}) },
  "device.get": {
    permission: "workspace:read",
    names: true,
    input: (things) => ({ id: things.pendingDeviceId, userCode: things.userCode }),
  },
  "device.state": { permission: "workspace:read", names: true, input: byId("pendingDeviceId") },
  "workspace.get": { permission: "workspace:read", input: (things) => ({ slug: things.workspaceSlug }) },
  "grant.list": keyset({ field: "since", direction: "desc" }),
  "access-request.list": keyset({ field: "created", direction: "desc" }, { which: "all" }),
  // Everybody sees themselves; of others only those who share a place.
  "access.person": { permission: "session:read", isOwn: true, input: (things) => ({ principalId: things.grantId }), fails: "not_found" },
  "access.reach": { permission: "session:read", isOwn: true, input: (things) => ({ permission: "run:read", projectId: things.projectId }) },
  "access.why": { permission: "session:read", isOwn: true, input: (things) => ({ principalId: things.grantId, permission: "run:read" }), fails: "not_found" },
  "access.shares": { permission: "session:read", isOwn: true, input: (things) => ({ type: "stack", id: things.stackId, projectId: null }) },
  "access.subjects": { permission: "session:read", isOwn: true, input: () => ({}) },
  // Whoever reads teams nowhere gets none, and one of them is not found.
  "integration.table": { ...table("session:read"), at: "organization" },
  "integration.deleted-list": { permission: "session:read", isOwn: true, at: "organization", input: () => ({}) },
  "integration.workspace-choices": { permission: "integration:read", at: "organization", input: () => ({}) },
  // What they answer to whom: lib/integrations/integrations.db.test.ts.
  "integration.page": { permission: "session:read", isOwn: true, input: (things) => ({ id: things.grantId }), fails: "not_found" },
  "integration.versions": { permission: "session:read", isOwn: true, input: (things) => ({ id: things.grantId }), fails: "not_found" },
  "integration.bindings": { permission: "session:read", isOwn: true, input: (things) => ({ id: things.grantId }), fails: "not_found" },
  "integration.uses": {
    permission: "session:read",
    isOwn: true,
    input: (things) => ({ id: things.grantId, conditions: [], sort: { field: "at", direction: "desc" } }),
    fails: "not_found",
  },
  "team.list": { permission: "session:read", isOwn: true, input: () => ({}) },
  "team.read": { permission: "session:read", isOwn: true, input: (things) => ({ teamId: things.grantId }), fails: "not_found" },
  "team.grants": { permission: "session:read", isOwn: true, input: () => ({}) },
  "role.custom-list": { permission: "session:read", isOwn: true, input: () => ({}) },
  "role.read": { permission: "session:read", isOwn: true, input: byId("roleName", "name") },
  "role.previewed": {
    permission: "role:update",
    at: "organization",
    input: (things) => ({ name: things.roleName, rights: { "run:read": "any" } }),
  },
  "role.list": { permission: "session:read", isOwn: true, input: () => ({}) },
  "role.holders": { permission: "session:read", isOwn: true, input: () => ({ role: "viewer" }) },
  "access.last-refusal": { permission: "session:read", isOwn: true, input: () => ({ projectId: null }) },
  "access-request.count": { permission: "session:read", isOwn: true, input: () => ({}) },
  "access-review.list": {
    permission: "access-review:read",
    input: () => ({ conditions: [], sort: { field: "created", direction: "desc" } }),
  },
  "access-review.reviewers": { permission: "access-review:sign-off", input: () => ({}) },
  "access-review.count": { permission: "access-review:read", input: () => ({}) },
  "access-review.read": { permission: "access-review:read", names: true, input: byId("reviewId", "reviewId") },
  "access-review.items": {
    permission: "access-review:read",
    names: true,
    input: (things) => ({ conditions: [], sort: { field: "who", direction: "asc" }, reviewId: things.reviewId }),
  },
  "invitation.list": keyset({ field: "created", direction: "desc" }),
  "user.current": { permission: "user:read", isOwn: true, input: () => ({}) },
  "user.list": list("user:read"),
  "user.get": { permission: "user:read", isOwn: true, input: (things) => ({ nameOrId: things.ownerId }) },
  "project.list": list("project:read"),
  "project.get": one("project:read", "projectId", "nameOrId"),
  "stack.list": list("stack:read", { hydrate: true }),
  "stack.get": one("stack:read", "stackId", "id", { hydrate: true }),
  "component.list": list("component:read", { hydrate: true }),
  "component.get": one("component:read", "componentId", "id", { hydrate: true }),
  "job.listed": { permission: "workspace:read", isOwn: true, input: () => ({ conditions: [], sort: { field: "created", direction: "desc" } }) },
  "job.get": { permission: "audit-entry:read", names: true, input: byId("runJobId", "jobId") },
  "job.items-listed": {
    permission: "audit-entry:read",
    names: true,
    input: (things) => ({ jobId: things.runJobId, conditions: [], sort: { field: "position", direction: "asc" } }),
  },
  "run.act-previewed": preview("run:read", "runs", "runId"),
  "pipeline.act-previewed": preview("pipeline:read", "pipelines", "pipelineId"),
  "artifact.act-previewed": preview("artifact:read", "artifact-versions", "artifactVersionId"),
  "model.act-previewed": preview("model:read", "models", "modelId"),
  "tag.suggested": { permission: "tag:read", isOwn: true, input: () => ({ text: "tag" }) },
  "stack.table": table("stack:read"),
  "stack.page": one("stack:read", "stackId"),
  "component.table": table("component:read"),
  "component.page": one("component:read", "componentId"),
  "component.draft": one("component:update", "componentId"),
  "component.choices": { permission: "component:read", isOwn: true, input: () => ({}) },
  "flavor.table": table("flavor:read"),
  "flavor.page": { permission: "flavor:read", isOwn: true, names: true, input: byId("flavorId") },
  "component.types": { permission: "component:read", isOwn: true, input: () => ({}) },
  "flavor.list": list("flavor:read", { hydrate: false }),
  "flavor.get": { permission: "flavor:read", isOwn: true, input: () => ({ id: newId(), hydrate: false }), fails: "not_found" },
  "pipeline.listed": projectList("pipeline:read"),
  "pipeline.read": one("pipeline:read", "pipelineId", "pipelineId"),
  "snapshot.listed": projectList("snapshot:read"),
  "snapshot.read": one("snapshot:read", "snapshotId", "snapshotId"),
  // The project comes from the path, which was resolved for the workspace before; an id of another one lists nothing.
  "run.list": {
    permission: "run:read",
    isOwn: true,
    input: (things) => ({ projectId: things.projectId, conditions: [], sort: { field: "started", direction: "desc" } }),
  },
  "run.listed": projectList("run:read"),
  "wait-condition.listed": {
    isOwn: true,
    permission: "run:read",
    input: () => ({ spec: { conditions: [], logic: "and", sort: { field: "created", direction: "desc" }, limit: 20 }, always: [] }),
  },
  "schedule.listed": list("trigger:read"),
  "schedule.read": { permission: "trigger:read", names: true, input: byId("scheduleId", "scheduleId") },
  "wait-condition.read": { permission: "run:read", names: true, input: byId("questionId") },
  "run.step-logs-listed": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "run.logs-listed": { permission: "run:read", names: true, input: (things) => ({ runId: things.runId, stepId: null }) },
  "run.changed": {
    permission: "run:read",
    isOwn: true,
    input: (things) => ({ projectId: things.projectId, since: "2026-01-01T00:00:00.000Z" }),
  },
  "run.count": { permission: "run:read", isOwn: true, input: byId("projectId", "projectId") },
  "run.graph": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "run.head": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "run.outline": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "run.snapshot": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "run.metadata": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "run.step-walk": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId, step: "done" }) },
  "run.artifact-walk": {
    permission: "run:read",
    names: true,
    input: (things) => ({ projectId: things.projectId, runId: things.runId, versionId: things.artifactVersionId }),
  },
  "run.read": one("run:read", "runId", "runId"),
  "run.graph-read": one("run:read", "runId", "runId"),
  "run-token.issued": one("run:update", "runId", "runId"),
  "run.log-read": one("run:read", "logId"),
  "step.page": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, stepRunId: things.stepId }) },
  "step.listed": projectList("run:read"),
  "step.table": projectTable("run:read", "started"),
  "step.read": one("run:read", "stepId", "stepId"),
  "artifact.list": list("artifact:read"),
  "artifact.table": projectTable("artifact:read", "updated"),
  "artifact-version.table": projectTable("artifact:read", "created"),
  "artifact-version.page": {
    permission: "artifact:read",
    names: true,
    input: (things) => ({ projectId: things.projectId, artifact: `a-${things.artifactId}`, version: "1" }),
  },
  "artifact-version.facts": {
    permission: "artifact:read",
    names: true,
    input: (things) => ({ projectId: things.projectId, artifact: `a-${things.artifactId}`, version: "1" }),
  },
  "artifact-version.rail": {
    permission: "artifact:read",
    names: true,
    input: (things) => ({ projectId: things.projectId, artifact: `a-${things.artifactId}`, around: null, text: "" }),
  },
  "artifact.get": one("artifact:read", "artifactId"),
  "artifact-version.download-prepared": { permission: "artifact:download", names: true, input: byId("artifactVersionId", "versionId") },
  "artifact-version.visualization-read": { permission: "artifact:read", names: true, input: byId("visualizationId") },
  "artifact-version.list": list("artifact:read"),
  "artifact-version.get": { permission: "artifact:read", names: true, input: (things) => ({ ids: [things.artifactVersionId] }) },
  "model.list": list("model:read"),
  "model.get": one("model:read", "modelId"),
  "model-version.list": list("model:read"),
  "model-version.get": one("model:read", "modelVersionId"),
  "model-version.list-artifacts": list("model:read"),
  "model-version.list-runs": list("model:read"),
  "secret.list": list("secret:read"),
  "secret.get": one("secret:read", "secretId"),
  "secret.table": table("secret:read"),
  "secret.create-places": { permission: "secret:read", input: () => ({}) },
  "secret.page": one("secret:read", "secretId"),
  "secret-version.page": one("secret:read", "secretId"),
  "secret.deleted-page": { permission: "secret:read", isOwn: true, input: () => ({}) },
  "secret.reveal-state": one("secret:read", "secretId"),
  "secret.reveal-policy": { permission: "secret:read", input: () => ({}) },
  "reveal-request.list": { permission: "session:read", isOwn: true, input: () => ({ which: "all" }) },
  "secret.ledger": {
    permission: "secret:read",
    names: true,
    input: (things) => ({ id: things.secretId, from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }),
  },
  "secret.ledger-runs": {
    permission: "secret:read",
    names: true,
    input: (things) => ({ id: things.secretId, from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", which: "could" }),
  },
  "secret.leak-preview": { permission: "secret:update", names: true, input: (things) => ({ id: things.secretId, since: "2026-01-01T00:00:00Z" }) },
  "secret.bindings": one("secret:read", "secretId"),
  "secret.of-thing": { permission: "secret:read", names: true, input: (things) => ({ kind: "stack", targetId: things.stackId }) },
  "secret.binding-choices": { permission: "secret:read", isOwn: true, input: () => ({}) },
  "run.credentials": { permission: "run:read", names: true, input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "secret-store.list": { permission: "api-key:read", input: () => ({}) },
  "secret-store.draft": { ...one("secret:read-value", "secretStoreId"), isOfAll: true },
  "secret-store.check": { permission: "secret:read-value", isOfAll: true, input: () => ({ type: "vault", settings: storeSettings() }) },
  "secret-store.open": one("workspace:update", "secretStoreId"),
  "secret-store.move": { permission: "api-key:read", input: () => ({}) },
  "secret-store.move-target": { permission: "secret:read-value", isOfAll: true, input: () => ({ to: "" }) },
  "secret-store.move-preview": { permission: "secret:read-value", isOfAll: true, input: () => ({ to: "" }) },
  "connector.list": list("connector:read"),
  "connector.get": one("connector:read", "connectorId"),
  "connector.table": table("connector:read"),
  "connector.page": one("connector:read", "connectorId"),
  "connector.types": { permission: "connector:read", input: () => ({}) },
  "connector.policy": { permission: "connector:read", input: () => ({}) },
  "connector.draft": one("connector:update", "connectorId"),
  "connector.check": { permission: "connector:create", isOwn: true, input: () => ({ wish: connectorWish(), isLax: false, isNew: true }) },
  "connector.open": one("connector:use", "connectorId"),
  "connector.try": one("connector:verify", "connectorId"),
  "connector.change": one("connector:update", "connectorId"),
  "connector.usable": { permission: "connector:use", input: () => ({}) },
  "connector.next": { permission: "connector:update", names: true, input: byId("connectorId"), fails: "conflict" }, // no new keys wait
  "connector-issue.ending": {
    permission: "connector:update",
    names: true,
    input: (things) => ({ id: things.connectorId, issueId: things.connectorIssueId }),
  },
  "connector-issue.since": {
    permission: "connector:read",
    names: true,
    input: (things) => ({ id: things.connectorId, since: "2020-01-01T00:00:00Z" }),
  },
  "connector-issue.table": {
    permission: "connector:read",
    names: true,
    input: (things) => ({ connectorId: things.connectorId, conditions: [], sort: { field: "at", direction: "desc" } }),
  },
  "connector-issue.of-run": { permission: "run:read", input: (things) => ({ projectId: things.projectId, runId: things.runId }) },
  "secret-use.table": {
    permission: "secret:read",
    names: true,
    input: (things) => ({ secretId: things.secretId, conditions: [], sort: { field: "at", direction: "desc" } }),
  },
  "tag.list": list("tag:read"),
  "tag.get": { permission: "tag:read", isOwn: true, names: true, input: byId("tagId") },
  "project.overview": { permission: "project:read", isOwn: true, input: () => ({ conditions: [], sort: { field: "name", direction: "asc" } }) },
  "service-account.list": { permission: "service-account:read", isOwn: true, input: () => ({ conditions: [], sort: { field: "name", direction: "asc" } }) },
  // The rows are filtered: everybody may ask, nobody sees what they may not.
  "service-account.list-all": {
    permission: "session:read",
    at: "organization",
    isOwn: true,
    input: () => ({ conditions: [], sort: { field: "name", direction: "asc" } }),
  },
  "service-account.listed": list("service-account:read"),
  "service-account.get": one("service-account:read", "serviceAccountId", "account"),
  "service-account.read": one("service-account:read", "serviceAccountId", "account"),
  "api-key.listed": {
    permission: "api-key:read",
    names: true,
    input: (things) => ({ spec, always: [], account: things.serviceAccountId }),
  },
  "api-key.read": { permission: "api-key:read", names: true, input: (things) => ({ account: things.serviceAccountId, key: things.apiKeyId }) },
  "directory.list": { permission: "directory:read", at: "organization", input: () => ({}) },
  "directory.read": { permission: "directory:read", at: "organization", input: byId("directoryId", "directoryId") },
  "canary.monitor": { permission: "sso-connection:read", at: "organization", input: () => ({}) },
  "canary.trials": {
    permission: "sso-connection:read",
    at: "organization",
    input: () => ({ conditions: [], sort: { field: "at", direction: "desc" } }),
  },
  "directory.people": inDirectory("user"),
  "directory.groups": inDirectory("name"),
  "directory.requests": inDirectory("at"),
  "directory.drift": inDirectory("since"),
  "directory.hold-read": { permission: "directory:read", at: "organization", input: (things) => ofHold(things) },
  "directory.request-read": {
    permission: "directory:read",
    at: "organization",
    input: (things) => ({ directoryId: things.directoryId, requestId: things.directoryRequestId }),
  },
  "sso-connection.list": { permission: "sso-connection:read", at: "organization", input: () => ({}) },
  "sso-connection.read": { permission: "sso-connection:read", at: "organization", input: byId("ssoConnectionId", "connection") },
  "sso-connection.change-begun": ofConnection("update"),
  "sso-connection.tests-read": ofConnection("read"),
  "sso-connection.people": ofConnection("read", { conditions: [], sort: { field: "who", direction: "asc" } }),
  "sso-connection.attempts": ofConnection("read", { conditions: [], sort: { field: "at", direction: "desc" } }),
  "sso-connection.attempt-read": {
    permission: "sso-connection:read",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, attemptId: things.ssoAttemptId }),
  },
  "sso-connection.evidence-list": ofConnection("read"),
  "sso-connection.evidence-read": {
    permission: "sso-connection:read",
    at: "organization",
    input: (things) => ({ connectionId: things.ssoConnectionId, evidenceId: things.ssoEvidenceId }),
  },
  "sso-domain.proof-begun": { permission: "sso-connection:update", at: "organization", input: byId("ssoDomainId", "domainId") },
  "sso-domain.enforcement-previewed": { permission: "sso-connection:enforce", at: "organization", input: byId("ssoDomainId", "domainId") },
  "group-rule.list": { permission: "group-rule:read", at: "organization", input: byId("directoryId", "directoryId") },
  "group-rule.waiting": { permission: "group-rule:read", at: "organization", input: byId("directoryId", "directoryId") },
  "group-rule.choices": { permission: "group-rule:create", at: "organization", input: byId("directoryId", "directoryId") },
  "group-rule.previewed": { permission: "group-rule:create", at: "organization", input: viewersRule },
  "group-rule.end-previewed": { permission: "group-rule:read", at: "organization", input: byId("groupRuleId", "ruleId") },
  "code-repository.listed": { permission: "code-repository:read", isOwn: true, input: () => ({}) },
};
