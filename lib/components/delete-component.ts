import "server-only";
import { z } from "zod";
import { flavorOf } from "@/lib/flavors/find-flavor";
import { defineCommand } from "@/lib/kernel/command";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { AppError } from "@/lib/kernel/errors";
import { closeBindings } from "@/lib/secrets/bindings";
import { withoutSecrets } from "./check-configuration";
import { lockComponent, requireChangeable } from "./find-component";

/** Deletes a component that no stack holds. Errors: not_found, forbidden for `default`, in_use with the stacks' names. */
export const deleteComponent = defineCommand({
  name: "component.deleted",
  permission: "component:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, input }) => lockComponent(tx, input.id),
  run: async ({ tx, actor, input, target: { component }, request, now }) => {
    requireChangeable(component, "deleted");
    requireTypedName(input.typedName, component.name);
    const stacks = await tx
      .selectFrom("stack_component as sc")
      .innerJoin("stack as s", "s.id", "sc.stack_id")
      .select("s.name")
      .where("sc.component_id", "=", component.id)
      .orderBy("s.name")
      .execute();
    if (stacks.length > 0)
      throw new AppError(
        "in_use",
        `Stack Component \`${component.name}\` of type \`${component.type} cannot be deleted as it is part of ${stacks.length} stacks. Before deleting this stack component, make sure to remove it from all stacks.`,
        { fix: `It is in ${stacks.map((stack) => stack.name).join(", ")}.`, reason: "in_use" },
      );
    const flavor = await flavorOf(tx, component.flavor_id);
    const unbound = await closeBindings(tx, { targetId: component.id }, { actorId: actor.id, requestId: request.requestId, now });
    await tx.deleteFrom("component").where("id", "=", component.id).execute();
    return {
      result: null,
      audit: [
        {
          target: { type: "component", id: component.id, name: component.name },
          before: { name: component.name, type: component.type, flavor: flavor.name, configuration: withoutSecrets(flavor, component.configuration) },
        },
        ...unbound,
      ],
    };
  },
});
