import { Icon } from "@/components/ui/icon";
import { SCOPES, type SecretScope } from "@/lib/secrets/row-schema";

/** Where a secret holds, and with it who knows of it. */
export const Visibility = ({ scope, project = null }: { scope: SecretScope; project?: string | null }) =>
  scope === "private" ? (
    <span className="inline-flex items-center gap-1.5">
      <Icon name="lock" size={13} className="text-ink-3" />
      Its owner
    </span>
  ) : (
    (project ?? SCOPES.find((one) => one.value === scope)?.label)
  );
