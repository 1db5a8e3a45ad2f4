"use client";

import { cutOverNow, endOldPlace, letMoveGoOn, rollMoveBack, stopMove } from "@/app/(console)/[workspace]/settings/secret-store/actions";
import { ActButton } from "@/components/ui/act-button";
import { ActionDialog, DangerAction } from "@/components/ui/action-dialog";
import { Badge, type Tone } from "@/components/ui/badge";
import { Section } from "@/components/ui/page-head";
import { Progress } from "@/components/ui/progress";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { MoveView } from "@/lib/secret-stores/move-schema";

const STATES: Record<MoveView["state"], { word: string; tone: Tone }> = {
  copying: { word: "Copying", tone: "run" },
  copied: { word: "Copied", tone: "ok" },
  "cut-over": { word: "Cut over", tone: "ok" },
  "rolling-back": { word: "Rolling back", tone: "run" },
  "rolled-back": { word: "Rolled back", tone: "wait" },
  cancelled: { word: "Cancelled", tone: "idle" },
  ended: { word: "Ended", tone: "idle" },
};

const ABOUT: Partial<Record<MoveView["state"], (move: MoveView) => string>> = {
  copying: ({ to }) => `Each version is written to ${to}, read back and compared. Everything is read from where it lies now.`,
  copied: ({ to }) => `Every copy was compared. Nothing has changed yet: cutting over makes the copies in ${to} what holds, all in one moment.`,
  "cut-over": ({ old, to }) => `Everything is read from ${to}. The old values still lie in ${old}: roll back, or destroy them there.`,
  "rolling-back": ({ newGoTo }) => `What was made since the cut-over is copied back, and new values go to ${newGoTo}. Everything can be read meanwhile.`,
  "rolled-back": ({ old, to }) => `Everything is read from ${old} again. Copies still lie in ${to}: destroy them there to end the move.`,
};

type Props = { move: MoveView; workspace: string; mayChange: boolean };

/** A move that is not ended: how far it is, what can't be moved, and what can be done next. */
export function MovePanel({ move, workspace, mayChange }: Props) {
  const state = STATES[move.state];
  const done = move.copied + move.failedCount;
  return (
    <Section
      title={`Move to ${move.to}`}
      aside={
        move.isStopped ? (
          <Badge tone="fail">Stopped</Badge>
        ) : (
          <Badge tone={state.tone} icon={state.tone === "run" ? "loader-circle" : undefined}>
            {state.word}
          </Badge>
        )
      }
    >
      <p>{ABOUT[move.state]?.(move)}</p>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
        <span>
          {countWords(done)} of {counted(move.total, "version")}, begun <Time at={move.at} />
          {move.by && ` by ${move.by}`}
        </span>
        {(move.state === "copying" || move.state === "rolling-back") && (
          <Progress label="Versions that were copied" done={done} total={move.total} className="w-40" />
        )}
      </p>
      {move.reason && (
        <p role="status" className="mt-1 text-fail">
          {move.isStopped ? "It has stopped where it was: " : "It waits, and tries again by itself: "}
          {move.reason}
        </p>
      )}
      {move.failedCount > 0 && (
        <>
          <p className="mt-2">{counted(move.failedCount, "version stays where it is", "versions stay where they are")}:</p>
          <ul className="list-disc pl-5 text-ink-2">
            {move.failed.map((one) => (
              <li key={`${one.name} ${one.version}`}>
                {one.name} v{one.version}: {one.reason}
              </li>
            ))}
          </ul>
        </>
      )}
      {mayChange && <MoveActs move={move} workspace={workspace} />}
    </Section>
  );
}

function MoveActs({ move, workspace }: { move: MoveView; workspace: string }) {
  const fields = { workspace, moveId: move.id };
  const [left, kept] = move.state === "cut-over" ? [move.old, move.to] : [move.to, move.old];
  const them = move.copied === 1 ? "it" : "them";
  return (
    <div className="mt-3 mb-6 flex flex-wrap items-center gap-2">
      {move.state === "copied" && (
        <ActionDialog
          label="Cut over…"
          buttonLook="primary"
          title={`Cut over to ${move.to}`}
          action={cutOverNow}
          hidden={fields}
          submit="Cut over"
          said={(result) => (result.isDone ? `Everything is read from ${move.to} now.` : "Versions were made meanwhile: they are copied first.")}
        >
          {() => (
            <p>
              From then on everything is read from {move.to}, and new values go there. The old values stay in {move.old}, so you can roll back. Versions that
              were made since the copy are copied first; then cut over once more.
            </p>
          )}
        </ActionDialog>
      )}
      {move.isStopped && (
        <ActButton action={letMoveGoOn} fields={fields} said="The move goes on.">
          Go on with it
        </ActButton>
      )}
      {(move.state === "copying" || move.state === "copied") && (
        <ActButton action={stopMove} fields={fields} said="The move was cancelled; its copies are taken away.">
          Cancel the move
        </ActButton>
      )}
      {move.state === "cut-over" && (
        <ActionDialog
          label="Roll back…"
          title={`Roll back to ${move.old}`}
          action={rollMoveBack}
          hidden={fields}
          submit="Roll back"
          said={() => "The move is being rolled back."}
        >
          {() => (
            <p>
              Values that were made since are copied first; then everything is read from {move.old} again, and new values go to {move.newGoTo}. Everything can
              be read meanwhile.
            </p>
          )}
        </ActionDialog>
      )}
      {(move.state === "cut-over" || move.state === "rolled-back") && (
        <DangerAction
          label={`Destroy what lies in ${left}…`}
          title={`Destroy what lies in ${left}`}
          name={workspace}
          action={endOldPlace}
          hidden={fields}
          submit="Destroy the old values"
          said={() => `What lay in ${left} is being destroyed.`}
        >
          <p>
            <b>Ends for good:</b> {counted(move.copied, "version")} of this workspace in {left}. Nothing brings {them} back there.
          </p>
          <p>
            <b>Stay:</b> the same values in {kept}, which is then the only place that has {them}, and the entries of the trail.
          </p>
        </DangerAction>
      )}
    </div>
  );
}
