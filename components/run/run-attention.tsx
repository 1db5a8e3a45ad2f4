import { Icon } from "@/components/ui/icon";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { Time } from "@/components/ui/time";
import { counted } from "@/components/ui/time-words";
import type { RunAttention, RunQuestion } from "@/lib/waits/schema";
import { type Answer, QuestionForm } from "./question-form";

type Props = {
  run: { name: string; status: string };
  attention: RunAttention;
  workspace: string;
  answer: Answer;
  /** Why the reader may not answer; null when they may. */
  refusal: Refusal | null;
};

/** What a run wants of a person, under its head: the open question with its form, or since when nothing was heard of it. Nothing otherwise. */
export function RunAttentionNotice({ run, attention, workspace, answer, refusal }: Props) {
  const open = attention.questions.find((question) => question.isOpen);
  return (
    <>
      {open && (
        <section aria-labelledby="question" className="mx-(--gutter) mt-4 border-l-2 border-wait pl-4">
          <h2 id="question" className="flex items-start gap-2 text-section text-ink">
            <Icon name="hand" className="mt-0.5 text-wait" />
            <span className="min-w-0 whitespace-pre-wrap break-words">{open.question || `The run waits for ${open.name}`}</span>
          </h2>
          <p className="mt-0.5 mb-3 text-meta text-ink-2">
            <code>{open.name}</code>, asked <Time at={open.askedAt} />.{" "}
            {open.isHeard ? "Its process listens." : "Its process does not listen now: the answer is kept, and the run has to be resumed to hear it."}
          </p>
          {refusal ? (
            <RefusedControl label="Answer" refusal={refusal} />
          ) : (
            <QuestionForm key={open.id} id={open.id} schema={open.schema} workspace={workspace} answer={answer} run={run.name} />
          )}
        </section>
      )}
      {run.status === "lost" && (
        <section aria-labelledby="lost" className="mx-(--gutter) mt-4 border-l-2 border-warn pl-4">
          <h2 id="lost" className="flex items-center gap-2 text-section text-ink">
            <Icon name="unplug" className="text-warn" />
            Nothing is heard of this run
          </h2>
          <p className="mt-0.5 max-w-[80ch] text-ink-2">
            {attention.lastHeardAt ? (
              <>
                Its last sign of life came <Time at={attention.lastHeardAt} />; {attention.limitMinutes ?? 30} minutes without one are its limit.{" "}
              </>
            ) : null}
            It is shown as running again by itself as soon as a step is heard. If its process is gone, stop the run: nothing ends it otherwise.
          </p>
        </section>
      )}
      <AnsweredQuestions questions={attention.questions} />
    </>
  );
}

/** The questions that were answered, newest first: who said what, and when. */
function AnsweredQuestions({ questions }: { questions: readonly RunQuestion[] }) {
  const answered = questions.filter((question) => !question.isOpen);
  if (answered.length === 0) return null;
  return (
    <details className="mx-(--gutter) mt-3">
      <summary className="cursor-pointer text-ink-2">{counted(answered.length, "answered question")}</summary>
      <ol aria-label="Answered questions" className="mt-1.5 border-t border-rule">
        {answered.map((question) => (
          <li key={question.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-rule py-2">
            <Icon
              name={question.resolution === "abort" ? "ban" : "circle-check"}
              size={15}
              className={question.resolution === "abort" ? "text-ink-3" : "text-ok"}
            />
            <span className="min-w-0 flex-1 basis-60 break-words text-ink">{question.question || question.name}</span>
            <code className="min-w-0 max-w-full break-all">{question.resolution === "abort" ? "aborted" : (question.result ?? "continued")}</code>
            <span className="text-meta text-ink-3">
              {question.answeredBy ?? "unknown"}
              {question.answeredAt && (
                <>
                  , <Time at={question.answeredAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
