import type { Metadata } from "next";
import Link from "next/link";
import { ConsolePage } from "@/components/shell/console-page";
import { ComponentForm } from "@/components/stack/component-form";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { COMPONENT_KINDS, kindCommand, kindTitle } from "@/lib/components/schema";
import { getFlavorPage, listFlavorRows } from "@/lib/flavors/list-flavor-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../attempt";
import { registerComponent } from "../actions";
import { connectorsFor, needsOf } from "../connectors-for";

export const metadata: Metadata = { title: "New component" };

// Three steps, each a URL of its own: kind, flavor, form.
export default page("component:create", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/components/new`;
  const kind = COMPONENT_KINDS.find((one) => one.type === searchParams.type);
  const crumbs = [
    { label: workspace.slug, href: base },
    { label: "Components", href: `${base}/components` },
  ];
  if (!kind)
    return (
      <ConsolePage crumbs={[...crumbs, { label: "New component" }]}>
        <PageHead title="New component" below="First its kind: what it does for pipelines." />
        <div className="pad-x max-w-[720px] py-5">
          <PlainTable
            label="Kinds"
            columns={[{ label: "Kind" }, { label: "What it does" }]}
            rows={COMPONENT_KINDS.map((one) => ({
              key: one.type,
              cells: [
                <Link key="kind" className="link font-medium text-ink" href={`${path}?type=${one.type}`}>
                  {one.title}
                </Link>,
                one.does,
              ],
            }))}
          />
        </div>
      </ConsolePage>
    );
  const { data, failure } = await attempt(context, async () => {
    const list = await ask(listFlavorRows, context, {
      conditions: [{ field: "type", op: "equals", value: kind.type }],
      sort: { field: "title", direction: "asc" },
      limit: 500,
    });
    const chosen = list.rows.find((flavor) => flavor.name === searchParams.flavor);
    const flavor = chosen ? await ask(getFlavorPage, context, { id: chosen.id }) : null;
    const needs = flavor && needsOf(flavor);
    return { flavors: list.rows, chosen: flavor, needs, connectors: await connectorsFor(context, needs) };
  });
  const newKind = { label: `New ${kind.title.toLowerCase()}`, href: `${path}?type=${kind.type}` };
  if (failure)
    return (
      <ConsolePage crumbs={[...crumbs, newKind]}>
        <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId} />
      </ConsolePage>
    );
  const { flavors, chosen, needs, connectors } = data;
  if (!chosen)
    return (
      <ConsolePage crumbs={[...crumbs, { label: newKind.label }]}>
        <PageHead
          title={newKind.label}
          below={
            <>
              Then its flavor: what kind of {kind.title.toLowerCase()} it is.{" "}
              <Link className="link" href={path}>
                Another kind
              </Link>
            </>
          }
        />
        <div className="pad-x max-w-[960px] py-5">
          {flavors.length === 0 ? (
            <EmptyState title={`There is no flavor of ${kindTitle(kind.type).toLowerCase()}s here.`} />
          ) : (
            <PlainTable
              label="Flavors"
              columns={[{ label: "Flavor" }, { label: "Integration" }, { label: "Fields", align: "right" }, { label: "Came with" }]}
              rows={flavors.map((flavor) => ({
                key: flavor.id,
                cells: [
                  <Link key="flavor" className="link font-medium text-ink" href={`${path}?type=${kind.type}&flavor=${encodeURIComponent(flavor.name)}`}>
                    {flavor.title}
                  </Link>,
                  flavor.integration ?? "–",
                  String(flavor.fields),
                  flavor.isCustom ? "the workspace" : "Reeve",
                ],
              }))}
            />
          )}
        </div>
      </ConsolePage>
    );
  return (
    <ConsolePage crumbs={[...crumbs, newKind, { label: chosen.title }]}>
      <PageHead
        title={`New ${kind.title.toLowerCase()}: ${chosen.title}`}
        below={
          <Link className="link" href={`${path}?type=${kind.type}`}>
            Another flavor
          </Link>
        }
        actions={
          <CopyAsCli
            command={[
              `zenml ${kindCommand(kind.type)} register my_${kind.type} --flavor=${chosen.name}`,
              ...chosen.schema.filter((field) => field.isRequired).map((field) => `--${field.name}=${field.isSecret ? "'{{name.key}}'" : "…"}`),
            ].join(" ")}
          />
        }
      />
      <div className="pad-x py-5">
        <ComponentForm
          workspace={workspace.slug}
          action={registerComponent}
          type={kind.type}
          flavor={chosen.name}
          fields={chosen.schema}
          needs={needs}
          connectors={connectors}
          cancelHref={`${base}/components`}
        />
      </div>
    </ConsolePage>
  );
});
