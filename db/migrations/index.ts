import type { Migration } from "kysely";
import * as createSpine from "./202611222000_create_spine";
import * as addPeople from "./202611222310_add_people";
import * as addRunControl from "./202611222330_add_run_control";
import * as addLostRuns from "./202611280120_add_lost_runs";
import * as indexMetadataTexts from "./202611280125_index_metadata_texts";
import * as indexArtifactsAndSteps from "./202611280130_index_artifacts_and_steps";
import * as addFileTickets from "./202611280203_add_file_tickets";
import * as addSchedules from "./202611280220_add_schedules";
import * as addBulkJobs from "./202611280225_add_bulk_jobs";
import * as indexRunReferences from "./202611280235_index_run_references";
import * as addBulkForms from "./202611280455_add_bulk_forms";
import * as addDirectories from "./202611280500_add_directories";
import * as addGroupRules from "./202611280545_add_group_rules";
import * as addSingleSignOn from "./202611280910_add_single_sign_on";
import * as coverCounts from "./202611280940_cover_counts";
import * as addTeams from "./202611281015_add_teams";
import * as addCustomRoles from "./202611281020_add_custom_roles";
import * as addAccessReviews from "./202611281310_add_access_reviews";
import * as indexAllGrants from "./202611281320_index_all_grants";
import * as addViewAsRole from "./202611281330_add_view_as_role";
import * as addCanaries from "./202611281400_add_canaries";
import * as freeViewedProjects from "./202611281405_free_viewed_projects";
import * as indexDirectories from "./202611281405_index_directories";
import * as addSecrets from "./202611281410_add_secrets";
import * as holdRemovals from "./202611281410_hold_removals";
import * as keepLatestValues from "./202611281630_keep_latest_values";
import * as addDirectShares from "./202611281640_add_direct_shares";
import * as delegateReviews from "./202611281641_delegate_reviews";
import * as awaitGroups from "./202611281642_await_groups";
import * as addMasterKeys from "./202611281650_add_master_keys";
import * as addSecretBindings from "./202611281700_add_secret_bindings";
import * as coverSecretUses from "./202611281701_cover_secret_uses";
import * as addSecretLeaks from "./202611281702_add_secret_leaks";
import * as addConnectors from "./202611281710_add_connectors";
import * as countThroughSharedKeys from "./202611282020_count_through_shared_keys";
import * as keepTestLogins from "./202611282030_keep_test_logins";
import * as shareConnectors from "./202611282031_share_connectors";
import * as addSecretStores from "./202611282040_add_secret_stores";
import * as wrapMasterKeys from "./202611282041_wrap_master_keys";
import * as addSecretMoves from "./202611282042_add_secret_moves";
import * as addSecretKinds from "./202611282100_add_secret_kinds";
import * as addRevealRequests from "./202611282101_add_reveal_requests";
import * as bindSecretsInCode from "./202611282102_bind_secrets_in_code";
import * as scopeSecrets from "./202611282103_scope_secrets";
import * as followIssuedCredentials from "./202611282110_follow_issued_credentials";
import * as tellOfEndingSecrets from "./202611282111_tell_of_ending_secrets";
import * as addOrganizationSecrets from "./202611290010_add_organization_secrets";
import * as tellOfEndingIntegrations from "./202611290011_tell_of_ending_integrations";
import * as keepAskedRevocations from "./202611290020_keep_asked_revocations";
import * as stopSecretMoves from "./202611290021_stop_secret_moves";
import * as bindDynamicSteps from "./202611290022_bind_dynamic_steps";
import * as keepStacksOfRuns from "./202611290055_keep_stacks_of_runs";

/** Every migration in order of its name. Forward only: a landed one is never edited. */
export const migrations: Record<string, Migration> = {
  "202611222000_create_spine": createSpine,
  "202611222310_add_people": addPeople,
  "202611222330_add_run_control": addRunControl,
  "202611280120_add_lost_runs": addLostRuns,
  "202611280125_index_metadata_texts": indexMetadataTexts,
  "202611280130_index_artifacts_and_steps": indexArtifactsAndSteps,
  "202611280203_add_file_tickets": addFileTickets,
  "202611280220_add_schedules": addSchedules,
  "202611280225_add_bulk_jobs": addBulkJobs,
  "202611280235_index_run_references": indexRunReferences,
  "202611280455_add_bulk_forms": addBulkForms,
  "202611280500_add_directories": addDirectories,
  "202611280545_add_group_rules": addGroupRules,
  "202611280910_add_single_sign_on": addSingleSignOn,
  "202611280940_cover_counts": coverCounts,
  "202611281015_add_teams": addTeams,
  "202611281020_add_custom_roles": addCustomRoles,
  "202611281310_add_access_reviews": addAccessReviews,
  "202611281320_index_all_grants": indexAllGrants,
  "202611281330_add_view_as_role": addViewAsRole,
  "202611281400_add_canaries": addCanaries,
  "202611281405_free_viewed_projects": freeViewedProjects,
  "202611281405_index_directories": indexDirectories,
  "202611281410_add_secrets": addSecrets,
  "202611281410_hold_removals": holdRemovals,
  "202611281630_keep_latest_values": keepLatestValues,
  "202611281640_add_direct_shares": addDirectShares,
  "202611281641_delegate_reviews": delegateReviews,
  "202611281642_await_groups": awaitGroups,
  "202611281650_add_master_keys": addMasterKeys,
  "202611281700_add_secret_bindings": addSecretBindings,
  "202611281701_cover_secret_uses": coverSecretUses,
  "202611281702_add_secret_leaks": addSecretLeaks,
  "202611281710_add_connectors": addConnectors,
  "202611282020_count_through_shared_keys": countThroughSharedKeys,
  "202611282030_keep_test_logins": keepTestLogins,
  "202611282031_share_connectors": shareConnectors,
  "202611282040_add_secret_stores": addSecretStores,
  "202611282041_wrap_master_keys": wrapMasterKeys,
  "202611282042_add_secret_moves": addSecretMoves,
  "202611282100_add_secret_kinds": addSecretKinds,
  "202611282101_add_reveal_requests": addRevealRequests,
  "202611282102_bind_secrets_in_code": bindSecretsInCode,
  "202611282103_scope_secrets": scopeSecrets,
  "202611282110_follow_issued_credentials": followIssuedCredentials,
  "202611282111_tell_of_ending_secrets": tellOfEndingSecrets,
  "202611290010_add_organization_secrets": addOrganizationSecrets,
  "202611290011_tell_of_ending_integrations": tellOfEndingIntegrations,
  "202611290020_keep_asked_revocations": keepAskedRevocations,
  "202611290021_stop_secret_moves": stopSecretMoves,
  "202611290022_bind_dynamic_steps": bindDynamicSteps,
  "202611290055_keep_stacks_of_runs": keepStacksOfRuns,
};
