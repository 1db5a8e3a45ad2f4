import "server-only";
/*
 * What the steps of an application share: the transaction, who does it, and what it has done so far. Steps record; the
 * audit entries are written at the end, because the first of them locks the organization's sequence until the commit.
 */
import { type AuditDraft, recordAudit } from "@/lib/audit/record";
import { operatorActor } from "@/lib/identity/actor";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";

export interface Place {
  id: string;
  projects: Map<string, string>;
}

export class Application {
  /** One line per change, as people read them. */
  readonly changes: string[] = [];
  /** What was left as it is, and why. */
  readonly notes: string[] = [];
  /** Key files that were written in this transaction: removed again when it doesn't commit. */
  readonly written: string[] = [];
  readonly workspaces = new Map<string, Place>();
  /** Roles of the file that were deleted and stay so: nothing gives them. */
  readonly endedRoles = new Set<string>();
  private readonly entries: { workspaceId: string | null; action: string; draft: AuditDraft }[] = [];

  constructor(
    readonly tx: Tx,
    readonly organizationId: string,
    readonly request: RequestContext,
    /** Brings back what was ended by hand or by a directory. */
    readonly isRestoring: boolean,
    /** Nothing outside the transaction may happen: it is going to be rolled back. */
    readonly isPlan: boolean,
  ) {}

  /** Notes a change for the reader and for the audit trail. */
  changed(line: string, action: string, draft: AuditDraft, workspaceId: string | null = null): void {
    this.changes.push(line);
    this.entries.push({ workspaceId, action, draft });
  }

  note(line: string): void {
    this.notes.push(line);
  }

  async writeAudit(): Promise<void> {
    const actor = operatorActor(this.organizationId);
    for (const { workspaceId, action, draft } of this.entries) {
      await recordAudit(this.tx, { actor, request: this.request, workspaceId, action, outcome: "allowed" }, [draft]);
    }
  }
}
