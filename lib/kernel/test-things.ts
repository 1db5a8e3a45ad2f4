import "server-only";
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { userCodeHash } from "@/lib/identity/device-codes";
import { writeOrganizationVersion, writeVersion } from "@/lib/secrets/versions";
import { newId } from "./id";
import type { TestPlace } from "./test-organization";
import { inScope, type Tx } from "./transaction";

// One of each thing that commands act on, made by one owner, for the generated authorization tests.

export type TestThings = Awaited<ReturnType<typeof makeThings>>;

type Send = (statement: { execute(): Promise<unknown> }) => void;

/** Makes the things in a place; each call makes new ones. */
export function makeThings({ workspace, projectId }: TestPlace, ownerId: string) {
  return inScope([workspace.id], async (tx) => {
    const base = { workspace_id: workspace.id, created_by: ownerId };
    const inProject = { ...base, project_id: projectId };
    const tag = newId().slice(-12);
    const ids = {
      pipelineId: newId(),
      pipelineName: `pipeline-${tag}`,
      modelName: `model-${tag}`,
      emptyPipelineId: newId(),
      snapshotId: newId(),
      stackId: newId(),
      componentId: newId(),
      artifactStoreId: newId(),
      flavorId: newId(),
      runId: newId(),
      stepId: newId(),
      dynamicRunId: newId(),
      askingRunId: newId(),
      questionId: newId(),
      scheduleId: newId(),
      artifactId: newId(),
      artifactVersionId: newId(),
      visualizationId: newId(),
      modelId: newId(),
      modelVersionId: newId(),
      tagId: newId(),
      usedTagId: newId(),
      secretId: newId(),
      ownRevealId: newId(),
      revealRequestId: newId(),
      deletedSecretId: newId(),
      secretStoreId: newId(),
      secretMoveId: newId(),
      connectorId: newId(),
      connectorKeysId: newId(),
      connectorIssueId: newId(),
      bindingId: newId(),
      secretName: `secret-${tag}`,
      integrationId: newId(),
      deletedIntegrationId: newId(),
      placementId: newId(),
      integrationName: `integration-${newId()}`,
      runJobId: newId(),
      pipelineJobId: newId(),
      artifactJobId: newId(),
      modelJobId: newId(),
      logId: newId(),
      freeLogId: newId(),
      sessionId: newId(),
      tokenId: newId(),
      deviceId: newId(),
      pendingDeviceId: newId(),
      verifiedDeviceId: newId(),
      userCode: createHash("md5").update(tag).digest("hex"),
      serviceAccountId: newId(),
      apiKeyId: newId(),
      emptyProjectId: newId(),
      memberId: newId(),
      leaverId: newId(),
      grantId: newId(),
      stackShareId: newId(),
      invitationId: newId(),
      ownRequestId: newId(),
      accessRequestId: newId(),
      spareWorkspaceId: newId(),
      suspendedWorkspaceId: newId(),
      directoryId: newId(),
      directoryUserId: newId(),
      directoryGroupId: newId(),
      groupRuleId: newId(),
      waitingRuleId: newId(),
      directoryRequestId: newId(),
      holdingDirectoryId: newId(),
      directoryHoldId: newId(),
      ssoConnectionId: newId(),
      ssoDomainId: newId(),
      ssoAttemptId: newId(),
      ssoTestId: newId(),
      ssoEvidenceId: newId(),
      canaryRoundId: newId(),
      teamId: newId(),
      filledTeamId: newId(),
      roleName: `role-${newId()}`,
      reviewId: newId(),
      reviewItemId: newId(),
      decidedReviewId: newId(),
    };
    const device = { organization_id: workspace.organizationId, workspace_ref: workspace.id };
    const soon = sql<string>`clock_timestamp() + interval '5 minutes'`;
    const secret = createHash("sha256").update(ids.sessionId).digest();
    const [flavor, numbered] = await Promise.all([
      tx
        .selectFrom("flavor")
        .select("id")
        .where("workspace_id", "is", null)
        .where("name", "=", "local")
        .where("type", "=", "orchestrator")
        .executeTakeFirstOrThrow(),
      tx
        .updateTable("project")
        .set((eb) => ({ run_number: eb("run_number", "+", 3) }))
        .where("id", "=", projectId)
        .returning("run_number")
        .executeTakeFirstOrThrow(),
    ]);
    const sent: Promise<unknown>[] = [];
    // Each leaves without waiting for the answers to those before it.
    const send: Send = (statement) => sent.push(statement.execute());
    send(tx.insertInto("canary_round").values({ id: ids.canaryRoundId, organization_id: workspace.organizationId }));
    send(tx.insertInto("session").values({ id: ids.sessionId, principal_id: ownerId, token_sha256: secret, expires_at: soon }));
    send(
      tx.insertInto("personal_token").values({
        id: ids.tokenId,
        organization_id: workspace.organizationId,
        principal_id: ownerId,
        name: `token-${tag}`,
        secret_hmac: secret,
        expires_at: soon,
      }),
    );
    send(
      tx.insertInto("device").values([
        { ...device, id: ids.deviceId, client_id: newId(), principal_id: ownerId, status: "active", expires_at: soon },
        { ...device, id: ids.pendingDeviceId, client_id: newId(), status: "pending", user_code_hmac: userCodeHash(ids.userCode), codes_expire_at: soon },
        { ...device, id: ids.verifiedDeviceId, client_id: newId(), principal_id: ownerId, status: "verified", codes_expire_at: soon },
      ]),
    );
    const body = createHash("sha256").update("{}").digest();
    send(
      tx
        .insertInto("document")
        .values({ workspace_id: workspace.id, sha256: body, body: "{}" })
        .onConflict((conflict) => conflict.columns(["workspace_id", "sha256"]).doNothing()),
    );
    send(
      tx.insertInto("flavor").values({
        ...base,
        id: ids.flavorId,
        name: `flavor-${tag}`,
        type: "artifact_store",
        display_name: "Custom",
        source: "m.F",
        config_schema: "{}",
        is_custom: true,
      }),
    );
    send(tx.insertInto("stack").values({ ...base, id: ids.stackId, name: `stack-${tag}` }));
    send(
      tx.insertInto("component").values([
        { ...base, id: ids.componentId, name: `component-${tag}`, type: "orchestrator", flavor_id: flavor.id },
        { ...base, id: ids.artifactStoreId, name: `store-${tag}`, type: "artifact_store", flavor_id: flavor.id },
      ]),
    );
    for (const [id, deleted_at] of [
      [ids.secretId, null],
      [ids.deletedSecretId, sql<string>`clock_timestamp()`],
    ] as const)
      send(tx.insertInto("secret").values({ ...base, id, name: ids.secretName, key_names: ["token"], deleted_at }));
    for (const secretId of [ids.secretId, ids.deletedSecretId])
      send({
        execute: () =>
          writeVersion(
            tx,
            { workspaceId: workspace.id, secretId, version: 1 },
            { organizationId: workspace.organizationId, values: { token: `value-${tag}` }, createdBy: ownerId, requestId: tag },
          ),
      });
    makeIntegrations(tx, send, workspace, ownerId, ids);
    send(
      tx.insertInto("secret_binding").values({
        id: ids.bindingId,
        workspace_id: workspace.id,
        secret_id: ids.secretId,
        kind: "component",
        target_id: ids.artifactStoreId,
        target_name: `store-${tag}`,
        path: "attached",
        opened_by: ownerId,
        opened_request_id: tag,
        valid_from: sql<string>`clock_timestamp()`,
      }),
    );
    send(
      tx
        .insertInto("secret")
        .values({ ...base, id: ids.connectorKeysId, name: `connector ${ids.connectorId}`, kind: "connector", key_names: ["aws_session_token"] }),
    );
    send({
      execute: () =>
        writeVersion(
          tx,
          { workspaceId: workspace.id, secretId: ids.connectorKeysId, version: 1 },
          {
            organizationId: workspace.organizationId,
            values: { aws_access_key_id: `id-${tag}`, aws_secret_access_key: `key-${tag}`, aws_session_token: `session-${tag}` },
            createdBy: ownerId,
            requestId: tag,
          },
        ),
    });
    send(
      tx
        .insertInto("secret_store")
        .values({ ...base, id: ids.secretStoreId, type: "vault", configuration: '{"method":"token","address":"https://bao.example.com","token":"t"}' }),
    );
    send(tx.insertInto("secret_move").values({ ...base, id: ids.secretMoveId, state: "ended" }));
    send(
      tx.insertInto("connector").values({
        ...base,
        id: ids.connectorId,
        name: `connector-${tag}`,
        type: "aws",
        method: "sts-token",
        resource_types: ["aws-generic"],
        configuration: '{"region":"eu-central-1"}',
        secret_id: ids.connectorKeysId,
        secret_keys: ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"],
      }),
    );
    send(
      tx.insertInto("connector_issue").values({
        id: ids.connectorIssueId,
        workspace_id: workspace.id,
        connector_id: ids.connectorId,
        connector_name: `connector-${tag}`,
        principal_id: ownerId,
        credential_kind: "session",
        purpose: "client",
        outcome: "issued",
        ending: JSON.stringify({ role: "arn:aws:iam::1:role/r", session: tag }),
        request_id: tag,
      }),
    );
    send(
      tx.insertInto("pipeline").values([
        { ...inProject, id: ids.pipelineId, name: `pipeline-${tag}` },
        { ...inProject, id: ids.emptyPipelineId, name: `empty-${tag}` },
      ]),
    );
    send(
      tx.insertInto("snapshot").values({
        ...inProject,
        id: ids.snapshotId,
        pipeline_id: ids.pipelineId,
        stack_id: ids.stackId,
        run_name_template: "r",
        step_count: 2,
        pipeline_configuration_sha256: body,
        client_environment_sha256: body,
      }),
    );
    send(
      tx
        .insertInto("snapshot_step")
        .values(["planned", "done"].map((name, position) => ({ workspace_id: workspace.id, snapshot_id: ids.snapshotId, name, position, body_sha256: body }))),
    );
    const traced = { request_id: "test", created_by: ownerId };
    send(tx.insertInto("model").values({ ...inProject, id: ids.modelId, name: `model-${tag}`, version_number: 1 }));
    send(tx.insertInto("model_version").values({ ...inProject, id: ids.modelVersionId, model_id: ids.modelId, number: 1, name: "1" }));
    send(
      tx.insertInto("run").values(
        [ids.runId, ids.dynamicRunId, ids.askingRunId].map((id, at) => ({
          ...inProject,
          ...traced,
          id,
          pipeline_id: ids.pipelineId,
          snapshot_id: ids.snapshotId,
          stack_id: ids.stackId,
          name: `run-${tag}-${at}`,
          number: numbered.run_number - at,
          index: at + 1,
          status: "running",
          is_dynamic: at > 0,
          start_time: "2026-11-22T20:00:00.000000Z",
          in_progress: true,
          origin: "cli",
          credential_kind: "api_key",
        })),
      ),
    );
    send(
      tx.insertInto("wait_condition").values({
        ...inProject,
        ...traced,
        id: ids.questionId,
        run_id: ids.askingRunId,
        name: "approve",
        type: "external_input",
        data_schema: '{"type":"integer"}',
      }),
    );
    send(
      tx.insertInto("step_run").values({
        ...inProject,
        ...traced,
        id: ids.stepId,
        run_id: ids.runId,
        snapshot_id: ids.snapshotId,
        name: "done",
        status: "running",
        body_sha256: body,
      }),
    );
    send(
      tx
        .insertInto("schedule")
        .values({ ...inProject, ...traced, id: ids.scheduleId, pipeline_id: ids.pipelineId, name: `nightly-${tag}`, cron_expression: "0 2 * * *" }),
    );
    send(tx.insertInto("artifact").values({ ...inProject, id: ids.artifactId, name: `a-${ids.artifactId}`, version_number: 1 }));
    send(
      tx.insertInto("artifact_version").values({
        ...inProject,
        ...traced,
        id: ids.artifactVersionId,
        artifact_id: ids.artifactId,
        version: "1",
        version_number: 1,
        uri: "/tmp/x",
        type: "DataArtifact",
        materializer: "{}",
        data_type: "{}",
        save_type: "step_output",
      }),
    );
    send(
      tx
        .insertInto("artifact_visualization")
        .values({ id: ids.visualizationId, workspace_id: workspace.id, artifact_version_id: ids.artifactVersionId, type: "html", uri: "/tmp/x/page.html" }),
    );
    send(
      tx.insertInto("tag").values([
        { ...base, id: ids.tagId, name: `tag-${tag}`, color: "red" },
        { ...base, id: ids.usedTagId, name: `used-${tag}`, color: "red" },
      ]),
    );
    const carriers = {
      pipeline: ids.pipelineId,
      pipeline_snapshot: ids.snapshotId,
      pipeline_run: ids.runId,
      artifact_version: ids.artifactVersionId,
      model_version: ids.modelVersionId,
    };
    send(
      tx.insertInto("tag_resource").values(
        Object.entries(carriers).map(([resource_type, resource_id]) => ({
          id: newId(),
          workspace_id: workspace.id,
          tag_id: ids.usedTagId,
          resource_type,
          resource_id,
        })),
      ),
    );
    const job = {
      ...inProject,
      ...traced,
      act: "tag",
      state: "running",
      total: 1,
      epoch: 0,
      origin: "ui",
      credential_kind: "session",
      credential_id: "s",
      credential_label: "s",
    };
    send(
      tx.insertInto("bulk_job").values([
        { ...job, id: ids.runJobId, list: "runs" },
        { ...job, id: ids.pipelineJobId, list: "pipelines" },
        { ...job, id: ids.artifactJobId, list: "artifacts" },
        { ...job, id: ids.modelJobId, list: "models" },
      ]),
    );
    send(tx.insertInto("bulk_item").values({ workspace_id: workspace.id, job_id: ids.runJobId, position: 1, thing_id: ids.runId, name: "№ 1" }));
    send(
      tx.insertInto("log_record").values([
        { ...inProject, id: ids.logId, source: "client", run_id: ids.runId },
        { ...inProject, id: ids.freeLogId, source: "client" },
      ]),
    );
    send(
      tx.insertInto("principal").values({
        id: ids.serviceAccountId,
        organization_id: workspace.organizationId,
        kind: "service_account",
        home_workspace_id: workspace.id,
        name: `robot-${tag}`,
        created_by: ownerId,
      }),
    );
    send(
      tx
        .insertInto("api_key")
        .values({ id: ids.apiKeyId, organization_id: workspace.organizationId, principal_id: ids.serviceAccountId, name: `key-${tag}`, secret_hmac: body }),
    );
    send(
      tx
        .insertInto("project")
        .values({ id: ids.emptyProjectId, workspace_id: workspace.id, name: `project-${tag}`, display_name: "Empty", created_by: ownerId }),
    );
    makePeople(tx, send, { workspace, projectId }, ownerId, ids);
    makeDirectory(tx, send, workspace.organizationId, ids);
    makeHold(tx, send, workspace.organizationId, ids);
    makeConnection(tx, send, workspace.organizationId, ids);
    makeTeams(tx, send, workspace.organizationId, ids);
    makeReviews(tx, send, workspace, ownerId, ids);
    const role = { organization_id: workspace.organizationId, name: ids.roleName, base: "viewer" };
    send(tx.insertInto("custom_role").values(role));
    const revision = { organization_id: workspace.organizationId, role: ids.roleName, number: 1, summary: "", rights: "{}", request_id: "test" };
    send(tx.insertInto("custom_role_revision").values(revision));
    await Promise.all(sent);
    return { ...ids, projectId, ownerId, name: tag, workspaceId: workspace.id, workspaceSlug: workspace.slug };
  });
}

type IntegrationIds = Record<"integrationId" | "deletedIntegrationId" | "placementId" | "integrationName", string>;

/** A secret of the organization in the workspace, and a deleted one of the same name. */
function makeIntegrations(tx: Tx, send: Send, workspace: TestPlace["workspace"], ownerId: string, ids: IntegrationIds): void {
  const { organizationId } = workspace;
  const common = { name: ids.integrationName, key_names: ["token"], version: 1 };
  for (const [id, deleted_at] of [
    [ids.integrationId, null],
    [ids.deletedIntegrationId, sql<string>`clock_timestamp()`],
  ] as const) {
    send(tx.insertInto("organization_secret").values({ ...common, id, organization_id: organizationId, created_by: ownerId, deleted_at }));
    const written = { organizationId, values: { token: `value-${id}` }, createdBy: ownerId, requestId: "test" };
    send({ execute: () => writeOrganizationVersion(tx, id, 1, written) });
  }
  send(tx.insertInto("secret").values({ ...common, id: ids.placementId, workspace_id: workspace.id, organization_secret_id: ids.integrationId }));
}

/** A directory that has said something of the member, in a group. */
function makeDirectory(
  tx: Tx,
  send: Send,
  organizationId: string,
  ids: Record<"directoryId" | "directoryUserId" | "directoryGroupId" | "groupRuleId" | "waitingRuleId" | "directoryRequestId" | "memberId", string>,
) {
  const inDirectory = { directory_id: ids.directoryId };
  send(
    tx
      .insertInto("directory")
      .values({ id: ids.directoryId, organization_id: organizationId, slug: `d-${ids.directoryId}`, name: "Directory", provider: "other" }),
  );
  send(tx.insertInto("directory_user").values({ ...inDirectory, id: ids.directoryUserId, principal_id: ids.memberId, user_name: ids.memberId, active: true }));
  send(tx.insertInto("directory_group").values({ ...inDirectory, id: ids.directoryGroupId, display_name: "group" }));
  send(tx.insertInto("directory_member").values({ group_id: ids.directoryGroupId, user_id: ids.directoryUserId }));
  const request = { method: "GET", subject: "/Users", status: 200, duration_ms: 1, request_id: ids.directoryRequestId };
  send(tx.insertInto("directory_request").values({ ...inDirectory, ...request, id: ids.directoryRequestId }));
  send(
    tx
      .insertInto("group_rule")
      .values({ id: ids.groupRuleId, organization_id: organizationId, group_id: ids.directoryGroupId, role: "auditor", scope_kind: "organization" }),
  );
  const waiting = { id: ids.waitingRuleId, organization_id: organizationId, group_name: "to come", role: "auditor", scope_kind: "organization" };
  send(tx.insertInto("waiting_group_rule").values({ ...inDirectory, ...waiting }));
}

/** A directory whose end of the leaver is held. */
function makeHold(tx: Tx, send: Send, organization_id: string, ids: Record<"holdingDirectoryId" | "directoryHoldId" | "leaverId", string>) {
  const [directory_id, user_id] = [ids.holdingDirectoryId, newId()];
  send(tx.insertInto("directory").values({ id: directory_id, organization_id, slug: `h-${directory_id}`, name: "Holding", provider: "other" }));
  send(tx.insertInto("directory_user").values({ id: user_id, directory_id, principal_id: ids.leaverId, user_name: ids.leaverId, active: true }));
  send(tx.insertInto("directory_hold").values({ id: ids.directoryHoldId, directory_id, people: 20, ended_before: 5, most: 5 }));
  send(tx.insertInto("directory_removal").values({ id: newId(), directory_id, user_id, kind: "deactivated", hold_id: ids.directoryHoldId }));
}

/** A connection of single sign-on that is not switched on, with a domain, the member's identity and an attempt. */
function makeConnection(
  tx: Tx,
  send: Send,
  organization_id: string,
  ids: Record<"ssoConnectionId" | "ssoDomainId" | "ssoAttemptId" | "ssoTestId" | "ssoEvidenceId" | "memberId", string>,
) {
  const directory_id = newId();
  const connection_id = ids.ssoConnectionId;
  send(tx.insertInto("directory").values({ id: directory_id, organization_id, slug: `c-${directory_id}`, name: "Connection", provider: "claims" }));
  const attributes = JSON.stringify({ email: "email", name: null, givenName: null, familyName: null, groups: "groups" });
  const settings = JSON.stringify({ issuer: "https://idp.example", clientId: "reeve", scopes: [], endSessionUrl: null });
  const connection = { slug: `s-${connection_id}`, name: "Connection", provider: "generic", protocol: "oidc", settings, attributes, directory_id };
  send(tx.insertInto("sso_connection").values({ ...connection, id: connection_id, organization_id }));
  const domain = { domain: `${ids.ssoDomainId}.example`, proof_token: ids.ssoDomainId };
  send(tx.insertInto("sso_domain").values({ ...domain, id: ids.ssoDomainId, organization_id, connection_id }));
  send(tx.insertInto("sso_identity").values({ id: newId(), connection_id, subject: "s", principal_id: ids.memberId }));
  send(tx.insertInto("sso_attempt").values({ id: ids.ssoAttemptId, organization_id, connection_id, mode: "sign_in", request_ref: "test" }));
  const test = { mode: "test", request_ref: "test", outcome: "refused", refusal: "oidc.token", version: 1 };
  send(tx.insertInto("sso_attempt").values({ ...test, id: ids.ssoTestId, organization_id, connection_id }));
  const evidence = { version: 1, outcome: "tested", tested_at: "2026-06-01T12:00:00Z", kept_by: ids.memberId, sha256: "0".repeat(64), record: "{}" };
  send(tx.insertInto("sso_evidence").values({ ...evidence, id: ids.ssoEvidenceId, organization_id, connection_id, attempt_id: newId() }));
}

/** A team that is empty, and one with the member in it. */
function makeTeams(tx: Tx, send: Send, organizationId: string, ids: Record<"teamId" | "filledTeamId" | "memberId", string>) {
  const team = (id: string) => ({ id, organization_id: organizationId, name: `team ${id}` });
  send(tx.insertInto("team").values([team(ids.teamId), team(ids.filledTeamId)]));
  send(tx.insertInto("team_member").values({ id: newId(), team_id: ids.filledTeamId, principal_id: ids.memberId, source: "person" }));
}

type ReviewIds = Record<"reviewId" | "reviewItemId" | "decidedReviewId" | "memberId" | "grantId", string>;

/** A review whose one row is the member's grant, and one where it is decided. */
function makeReviews(tx: Tx, send: Send, workspace: TestPlace["workspace"], ownerId: string, ids: ReviewIds) {
  const soon = sql<string>`clock_timestamp() + interval '7 days'`;
  const review = (id: string) => ({
    id,
    organization_id: workspace.organizationId,
    workspace_ref: workspace.id,
    name: `review ${id}`,
    due_at: soon,
    created_by: ownerId,
  });
  send(tx.insertInto("access_review").values([review(ids.reviewId), review(ids.decidedReviewId)]));
  const item = {
    grant_id: ids.grantId,
    subject_kind: "user",
    subject_id: ids.memberId,
    who: ids.memberId,
    role: "viewer",
    scope_kind: "workspace",
    workspace_ref: workspace.id,
    source: "person",
    since: sql<string>`clock_timestamp()`,
  };
  send(
    tx.insertInto("access_review_item").values([
      { ...item, id: ids.reviewItemId, review_id: ids.reviewId },
      { ...item, id: newId(), review_id: ids.decidedReviewId, decision: "keep" },
    ]),
  );
}

type PeopleIds = Record<
  | "memberId"
  | "stackId"
  | "stackShareId"
  | "secretId"
  | "ownRevealId"
  | "revealRequestId"
  | "leaverId"
  | "grantId"
  | "invitationId"
  | "ownRequestId"
  | "accessRequestId"
  | "emptyProjectId"
  | "spareWorkspaceId"
  | "suspendedWorkspaceId",
  string
>;

/** A member with a grant and a request, somebody who left, an invitation, and workspaces that nobody needs. */
function makePeople(tx: Tx, send: Send, { workspace }: TestPlace, ownerId: string, ids: PeopleIds): void {
  const organization_id = workspace.organizationId;
  const person = (id: string) => ({ id, organization_id, kind: "user", name: id, email: `${id}@example.com` });
  send(tx.insertInto("principal").values([person(ids.memberId), { ...person(ids.leaverId), active: false }]));
  send(
    tx.insertInto("role_grant").values({
      id: ids.grantId,
      organization_id,
      principal_id: ids.memberId,
      role: "viewer",
      scope_kind: "workspace",
      workspace_ref: workspace.id,
      source: "person",
    }),
  );
  const share = { thing_type: "stack", thing_id: ids.stackId, thing_name: ids.stackId, role: "contributor", scope_kind: "workspace", source: "person" };
  send(tx.insertInto("role_grant").values({ ...share, id: ids.stackShareId, organization_id, principal_id: ids.memberId, workspace_ref: workspace.id }));
  const soon = sql<string>`clock_timestamp() + interval '7 days'`;
  send(
    tx.insertInto("invitation").values({
      id: ids.invitationId,
      organization_id,
      token_sha256: createHash("sha256").update(ids.invitationId).digest(),
      email: `${ids.invitationId}@example.com`,
      role: "viewer",
      scope_kind: "workspace",
      workspace_ref: workspace.id,
      created_by: ownerId,
      expires_at: soon,
    }),
  );
  const asked = {
    organization_id,
    role: "contributor",
    scope_kind: "project",
    workspace_ref: workspace.id,
    project_ref: ids.emptyProjectId,
    reason: "x",
    expires_at: soon,
  };
  const reveal = { workspace_id: workspace.id, secret_id: ids.secretId, reason: "The lake refused its key.", expires_at: soon };
  send(
    tx.insertInto("reveal_request").values([
      { ...reveal, id: ids.ownRevealId, principal_id: ownerId },
      { ...reveal, id: ids.revealRequestId, principal_id: ids.memberId },
    ]),
  );
  send(
    tx.insertInto("access_request").values([
      { ...asked, id: ids.ownRequestId, principal_id: ownerId },
      { ...asked, id: ids.accessRequestId, principal_id: ids.memberId },
    ]),
  );
  const spare = (id: string, state: string) => ({ id, organization_id, slug: `s-${id}`, display_name: "Spare", state });
  send(tx.insertInto("workspace").values([spare(ids.spareWorkspaceId, "active"), spare(ids.suspendedWorkspaceId, "suspended")]));
}
