import type { Metadata } from "next";
import Link from "next/link";
import { LeakSince, MarkLeaked } from "@/components/secret/mark-leaked";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead, Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { countWords } from "@/components/ui/time-words";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import type { Touched } from "@/lib/secrets/leak-schema";
import { previewLeak } from "@/lib/secrets/leaks";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";
import { thingPlace } from "../../../thing-place";

export const metadata: Metadata = { title: "Mark as leaked" };

const DAY_MS = 86_400_000;
const words = ({ could, did }: Touched) => `${countWords(could)} could, ${countWords(did)} of them did`;
const verb = (did: boolean) => (did ? "did" : "could");

/** What a leaked secret could have touched since a moment, before it is marked. */
export default page("secret:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, base, path, crumbs } = thingPlace(args, "secret");
  const asked = typeof searchParams.since === "string" ? Date.parse(searchParams.since) : Number.NaN;
  const since = new Date(Number.isNaN(asked) ? Date.now() - DAY_MS : Math.min(asked, Date.now())).toISOString();
  const { data, failure } = await attempt(context, () => Promise.all([ask(getSecretPage, context, { id }), ask(previewLeak, context, { id, since })]));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} />;
  const [secret, preview] = data;
  const project = (name: string) => `${base}/projects/${encodeURIComponent(name)}`;
  const parts = [
    {
      title: "Runs",
      of: preview.runs,
      rows: preview.runs.newest.map((run) => ({
        ...run,
        label: `${run.name} № ${run.number}`,
        href: `${project(run.project)}/runs/${run.id}?tab=credentials`,
      })),
    },
    {
      title: "Artifact versions",
      of: preview.artifacts,
      rows: preview.artifacts.newest.map((one) => ({
        ...one,
        label: `${one.artifact} v${one.version}`,
        href: `${project(one.project)}/artifacts/${encodeURIComponent(one.artifact)}/${encodeURIComponent(one.version)}`,
      })),
    },
    {
      title: "Model versions",
      of: preview.models,
      rows: preview.models.newest.map((one) => ({
        ...one,
        label: `${one.model} ${one.version}`,
        href: `${project(one.project)}/models/${encodeURIComponent(one.model)}/${encodeURIComponent(one.version)}`,
      })),
    },
  ];
  return (
    <ConsolePage crumbs={[...crumbs, { label: secret.name, href: path }, { label: "Mark as leaked" }]}>
      <PageHead
        title={`Mark ${secret.name} as leaked`}
        below="What runs could have done with it since then, and what they made. Choose the moment with care: the plan counts from it."
        actions={<MarkLeaked workspace={workspace.slug} id={secret.id} name={secret.name} since={since} doneHref={path} />}
      />
      <div className="pad-x py-5">
        <LeakSince key={since} path={`${path}/leak`} since={since} />
        <Section title="The plan">
          <ol className="list-decimal pl-5">
            <li>Rotate it where it is made, and write the new values here as a new version.</li>
            <li>Unbind it where it is not needed; references end with the configuration that has them.</li>
            <li>Contain: end runs that still hold the old values, and look through what is listed below.</li>
          </ol>
        </Section>
        {parts.map((part) => (
          <Section key={part.title} title={part.title} count={words(part.of)}>
            {part.rows.length === 0 ? (
              <p className="text-ink-3">{part.of.could > 0 ? "None that you may see." : "None."}</p>
            ) : (
              <PlainTable
                label={part.title}
                columns={[{ label: "Name" }, { label: "Project" }, { label: "Use" }]}
                rows={part.rows.map((row) => ({
                  key: row.id,
                  cells: [
                    <Link key="name" className="link" href={row.href}>
                      {row.label}
                    </Link>,
                    row.project,
                    verb(row.did),
                  ],
                }))}
              />
            )}
            {part.of.could > part.rows.length && part.rows.length > 0 && (
              <p className="mt-2 text-meta text-ink-3">
                {countWords(part.rows.length)} of {countWords(part.of.could)}: those that did first.
              </p>
            )}
          </Section>
        ))}
      </div>
    </ConsolePage>
  );
});
