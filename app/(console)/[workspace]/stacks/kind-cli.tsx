import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import type { ListDefinition } from "@/components/table/list-params";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { kindCommand } from "@/lib/components/schema";
import type { AskedList } from "../../read-list";

type Props = { asked: AskedList; definition: ListDefinition; options: Record<string, string>; verb: string };

/** The client lists components and flavors of one kind at a time: of the one that is filtered by, or of artifact stores. */
export function KindCli({ asked: { view, now, zone }, definition, options, verb }: Props) {
  const [kind = "artifact_store"] = view.filters.find((filter) => filter.field === "type" && filter.op === "is")?.values ?? [];
  const filters = view.filters.filter((filter) => filter.field !== "type");
  const { command, left } = listCommand(`zenml ${kindCommand(kind)} ${verb}`, definition, { ...view, filters }, options, now, zone);
  const isAnyKind = view.filters.length === filters.length;
  return <CopyAsCli command={command} note={isAnyKind ? "The client lists one kind at a time; this is artifact stores." : leftOutWords(left)} />;
}
