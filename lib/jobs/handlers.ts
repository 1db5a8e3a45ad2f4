import "server-only";
/*
 * What the worker does with each topic of the outbox. A handler may run twice (a lease can end while it works): it has to
 * give the same end state each time. It throws to be tried again.
 */
import { workJob } from "@/lib/bulk/work-job";
import { BULK_TOPIC } from "@/lib/bulk/start-job";
import { CANARY_TOPIC, runRound } from "@/lib/canaries/run-round";
import { finishRevocation } from "@/lib/connectors/finish-revocation";
import { REVOCATION_TOPIC } from "@/lib/connectors/revocation";
import { answerPasswordRequest, PASSWORD_REQUEST_TOPIC } from "@/lib/identity/password-link";
import { MAIL_TOPIC } from "@/lib/mail/mail";
import { sendMail } from "@/lib/mail/send-mail";
import { moveSealed } from "@/lib/master-key/move-sealed";
import { MASTER_KEY_TOPIC } from "@/lib/master-key/rotate-master-key";
import { CHECK_TOPIC } from "@/lib/secret-stores/copies";
import { MOVE_TOPIC } from "@/lib/secret-stores/move-store";
import { settleCopies } from "@/lib/secret-stores/settle-copies";
import { workMove } from "@/lib/secret-stores/work-move";
import { removeWorkspaceRows, WORKSPACE_REMOVAL_TOPIC } from "@/lib/workspaces/remove-rows";
import type { Handler } from "./handler";

/** Topic → handler. */
export const handlers = new Map<string, Handler>([
  [BULK_TOPIC, workJob],
  [CANARY_TOPIC, runRound],
  [MAIL_TOPIC, sendMail],
  [MASTER_KEY_TOPIC, moveSealed],
  [PASSWORD_REQUEST_TOPIC, answerPasswordRequest],
  [CHECK_TOPIC, settleCopies],
  [MOVE_TOPIC, workMove],
  [REVOCATION_TOPIC, finishRevocation],
  [WORKSPACE_REMOVAL_TOPIC, removeWorkspaceRows],
]);
