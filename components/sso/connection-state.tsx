import { Badge } from "@/components/ui/badge";
import type { ConnectionState } from "@/lib/sso/schema";

/** Whether a connection lets people in. `version`: of one that was never switched on. */
export function ConnectionBadge({ state, version }: { state: ConnectionState; version?: number }) {
  if (state === "on")
    return (
      <Badge tone="ok" icon="circle-check">
        On
      </Badge>
    );
  if (state === "off")
    return (
      <Badge tone="idle" icon="ban">
        Off
      </Badge>
    );
  return (
    <Badge tone="warn" icon="flask-conical">
      {version ? `Revision ${version}, not switched on` : "Not switched on"}
    </Badge>
  );
}
