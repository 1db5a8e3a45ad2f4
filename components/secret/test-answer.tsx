import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { type TestAnswer, testSentence } from "@/lib/secrets/kind-schema";

/** What came of a test: it worked, it was refused, or nothing could be reached; in words and with an icon. */
export function TestAnswerLine({ answer }: { answer: TestAnswer }) {
  const worked = answer.outcome === "worked";
  return (
    <span className={cx("flex items-start gap-1.5", worked ? "text-ink" : "text-fail")}>
      <Icon
        name={worked ? "circle-check" : answer.outcome === "refused" ? "octagon-x" : "unplug"}
        size={14}
        className={cx("mt-0.5 shrink-0", worked && "text-ok")}
      />
      <span>{testSentence(answer)}</span>
    </span>
  );
}
