"use client";

import { useActionState, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyButton } from "@/components/ui/copy-button";
import { FactList } from "@/components/ui/facts";
import { ErrorSummary, Field, TextField } from "@/components/ui/field";
import { Mark } from "@/components/ui/icon";
import { MIN_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import type { Places } from "@/lib/organizations/get-places";
import { createOrganization } from "./actions";
import type { CreateState } from "./set-up-state";

const LABELS: Record<string, string> = { organization: "Name", timeZone: "Time zone", name: "Your name", email: "E-mail address", password: "Password" };

/** The whole set-up on one page; at the right the file that says the same. */
export function SetUpForm({ secret, places }: { secret: string; places: Places }) {
  const [state, submit, isPending] = useActionState<CreateState, FormData>(createOrganization, { status: "idle" });
  const [values, setValues] = useState({ organization: "", timeZone: "UTC", name: "", email: "", password: "" });
  const [left, setLeft] = useState<Record<string, boolean>>({});
  const summary = useRef<HTMLDivElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const zones = useMemo(() => ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")], []);

  useEffect(() => setValues((was) => ({ ...was, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" })), []);
  useEffect(() => {
    if (state.status === "error") summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
  }, [state]);

  const errors = state.status === "error" && !isPending ? state.fields : {};
  const isFormError = state.status === "error" && Object.keys(state.fields).length === 0;
  const problem = passwordProblem(values.password, [values.organization, values.name, values.email]);
  const passwordError = (left.password && problem && passwordSentence(problem)) || errors.password;
  const field = (name: keyof typeof values) => ({
    id: name,
    name,
    label: LABELS[name] ?? name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues((was) => ({ ...was, [name]: event.target.value })),
    error: errors[name] ?? null,
  });

  return (
    <div className="mx-auto grid w-full max-w-[1120px] grid-cols-[minmax(0,640px)_minmax(0,1fr)] gap-x-12 gap-y-8 px-6 pt-12 pb-16 max-lg:grid-cols-1 max-md:px-4 max-md:pt-6">
      <main id="main">
        <Mark size={28} className="text-ink" />
        <h1 className="mt-4 text-title">Set up this installation</h1>
        <p className="mt-1">The organization and its first System Admin are made here, once.</p>
        <form
          ref={form}
          action={submit}
          noValidate
          className="mt-6 flex flex-col gap-6"
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
          }}
        >
          {state.status === "error" && !isPending && (
            <div ref={summary}>
              <ErrorSummary
                title={isFormError ? [state.message, state.fix].filter(Boolean).join(" ") : "Nothing was made yet. Mend these first:"}
                errors={Object.entries(state.fields).map(([name, message]) => ({ field: name, message }))}
                requestId={state.requestId}
              />
            </div>
          )}
          <input type="hidden" name="secret" value={secret} />
          <Part title="Organization">
            <TextField {...field("organization")} autoComplete="organization" help="Stands on every page and in the audit trail." />
            <Field id="timeZone" label="Time zone" help="Times in reports use it. Each person may choose another for the pages." error={errors.timeZone}>
              <select
                id="timeZone"
                name="timeZone"
                value={values.timeZone}
                onChange={(event) => setValues((was) => ({ ...was, timeZone: event.target.value }))}
                className="h-9 w-full rounded-1 border border-control bg-paper px-2 text-form text-ink max-md:h-11 max-md:text-[16px]"
              >
                {(zones.includes(values.timeZone) ? zones : [values.timeZone, ...zones]).map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </select>
            </Field>
          </Part>
          <Part title="You, the first System Admin">
            <TextField {...field("name")} autoComplete="name" />
            <TextField {...field("email")} type="email" autoComplete="username" help="You sign in with it." />
            <TextField
              {...field("password")}
              type="password"
              autoComplete="new-password"
              onBlur={() => setLeft((was) => ({ ...was, password: values.password !== "" }))}
              error={passwordError}
              help={
                values.password !== "" && !problem
                  ? "This password is long and varied enough."
                  : `At least ${MIN_PASSWORD_LENGTH} characters, and more than a common word or your name. Four random words do well.`
              }
            />
          </Part>
          <Part title="Where things are">
            <FactList
              facts={[
                { label: "Data folder", value: <code className="break-all">{places.dataDirectory}</code> },
                { label: "Database", value: <span className="break-all">{places.database}</span> },
                { label: "Master key", value: <code className="break-all">{places.masterKey}</code> },
              ]}
            />
            {places.backupCommand && (
              <>
                <p className="text-ink-3">Keep a copy of the master key elsewhere: without it, stored secrets can't be read again.</p>
                <CliBox command={places.backupCommand} />
              </>
            )}
          </Part>
          <div>
            <Button type="submit" look="primary" size="lg" disabled={isPending}>
              {isPending ? "Creating" : "Create the organization"}
            </Button>
          </div>
        </form>
      </main>
      <aside aria-labelledby="as-code" className="min-w-0 max-lg:border-t max-lg:border-rule max-lg:pt-4 lg:pt-[52px]">
        <h2 id="as-code" className="flex items-center gap-2 text-section">
          The same as setup.json <CopyButton text={setUpFile(values)} label="Copy setup.json" />
        </h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways and must be reachable by key */}
        <pre tabIndex={0} className="mt-2 overflow-x-auto rounded-1 bg-sunk p-3 text-ink">
          <code>{setUpFile(values)}</code>
        </pre>
        <p className="mt-2 text-ink-3">
          Put the password into <code>{passwordFile(values.name)}</code>, then run:
        </p>
        <div className="mt-2">
          <CliBox command={`chmod 600 setup.json ${passwordFile(values.name)} && REEVE_SETUP_FILE=setup.json npm start`} />
        </div>
      </aside>
    </div>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="border-t border-rule pt-3">
      <h2 className="text-section">{title}</h2>
      <div className="mt-3 flex flex-col gap-4">{children}</div>
    </section>
  );
}

function setUpFile(values: { organization: string; name: string; email: string }): string {
  return JSON.stringify(
    {
      organization: values.organization || "Acme",
      users: [
        {
          email: values.email || "lena@example.com",
          name: values.name || "Lena Aalto",
          passwordFile: passwordFile(values.name),
          grants: [{ role: "system-admin" }],
        },
      ],
    },
    null,
    2,
  );
}

const passwordFile = (name: string) =>
  `./${
    (name || "Lena Aalto")
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "admin"
  }.password`;
