import type { ComponentProps, InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from "react";
import { cx } from "./class-names";
import { Icon } from "./icon";

const BOX = "w-full rounded-1 border bg-paper px-2.5 text-form text-ink placeholder:text-ink-3 disabled:bg-sunk disabled:text-ink-3 aria-invalid:border-fail";

/** Label above, help below; an error takes the help's place and names the fix. Required is the norm, `optional` is written out. */
export function Field({
  id,
  label,
  help,
  error,
  optional,
  children,
}: {
  id: string;
  label: string;
  help?: ReactNode;
  error?: string | null;
  optional?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-body font-medium text-ink">
        {label}
        {optional && <span className="font-normal text-ink-3"> optional</span>}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} className="flex items-start gap-1.5 text-meta text-fail">
          <Icon name="circle-alert" size={14} className="mt-px" />
          {error}
        </p>
      ) : (
        help && (
          <p id={`${id}-note`} className="text-meta text-ink-3">
            {help}
          </p>
        )
      )}
    </div>
  );
}

/** What ties an input to its Field: pass the same id, help and error. */
export function describedBy(id: string, help?: ReactNode, error?: string | null): { "aria-describedby"?: string; "aria-invalid"?: true } {
  return { ...(help || error ? { "aria-describedby": `${id}-note` } : {}), ...(error ? { "aria-invalid": true } : {}) };
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input {...rest} className={cx(BOX, "h-9 border-control max-md:h-11 max-md:text-[16px]", className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...rest} className={cx(BOX, "min-h-20 border-control py-2", className)} />;
}

/** The browser's own select, in the look of the other controls. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select {...rest} className={cx(BOX, "h-9 border-control px-2 max-md:h-11 max-md:text-[16px]", className)} />;
}

/** A labelled input in one piece, for forms that need nothing more. */
export function TextField({
  id,
  label,
  help,
  error,
  optional,
  ...rest
}: { id: string; label: string; help?: ReactNode; error?: string | null; optional?: boolean } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field id={id} label={label} help={help} error={error} optional={optional}>
      <Input id={id} name={rest.name ?? id} required={!optional} {...rest} {...describedBy(id, help, error)} />
    </Field>
  );
}

/** The errors of a form after submit, each a link to its field. Give it focus. */
export function ErrorSummary({ title, errors, requestId }: { title: string; errors: { field?: string; message: string }[]; requestId?: string }) {
  return (
    <div role="alert" tabIndex={-1} className="rounded-1 border border-fail bg-fail-soft px-3 py-2.5 text-ink">
      <p className="flex items-center gap-2 font-medium">
        <Icon name="circle-alert" className="text-fail" />
        {title}
      </p>
      {errors.length > 0 && (
        <ul className="mt-1 flex flex-col gap-0.5 pl-6">
          {errors.map((error) => (
            <li key={`${error.field} ${error.message}`}>
              {error.field ? (
                <a className="link" href={`#${error.field}`}>
                  {error.message}
                </a>
              ) : (
                error.message
              )}
            </li>
          ))}
        </ul>
      )}
      {requestId && (
        <p className="mt-1 pl-6 text-meta text-ink-2">
          Request <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}
