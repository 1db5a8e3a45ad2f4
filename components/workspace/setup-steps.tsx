import { CliBox } from "@/components/ui/cli-box";
import { Icon } from "@/components/ui/icon";
import { cx } from "@/components/ui/class-names";

export type SetupStep = { title: string; isDone: boolean; detail?: string; commands: string[] };

/** The way from an empty installation to the first governed run; a step is ticked when it happened. */
export function SetupSteps({ steps }: { steps: SetupStep[] }) {
  const current = steps.findIndex((step) => !step.isDone);
  return (
    <ol className="border-t border-rule-strong">
      {steps.map((step, index) => (
        <li key={step.title} className="flex gap-3 border-b border-rule py-3">
          <Icon
            name={step.isDone ? "circle-check" : "circle-dashed"}
            size={16}
            label={step.isDone ? "Done" : "To do"}
            className={cx("mt-0.5", step.isDone ? "text-ok" : "text-ink-3")}
          />
          <div className="min-w-0 flex-1">
            <h3 className={cx("text-body", index === current ? "font-semibold" : "font-medium", step.isDone && "text-ink-2")}>{step.title}</h3>
            {!step.isDone && step.detail && <p className="mt-0.5 max-w-[72ch] text-ink-3">{step.detail}</p>}
            {!step.isDone && step.commands.length > 0 && (
              <div className="mt-2 flex max-w-[720px] flex-col gap-1.5">
                {step.commands.map((command) => (
                  <CliBox key={command} command={command} />
                ))}
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
