"use client";

import { useRouter } from "next/navigation";
import { SelectField } from "@/components/ui/select-field";
import { ROLES } from "@/lib/authz/permissions";

/** Chooses the role to compare with; the choice is in the address. */
export function CompareRoles({ role, against }: { role: string; against: string | null }) {
  const router = useRouter();
  return (
    <div className="w-56">
      <SelectField
        id="against"
        label="Differences to"
        value={against ?? ""}
        onChange={(event) =>
          router.push(event.target.value ? `/settings/roles/${role}?against=${event.target.value}` : `/settings/roles/${role}`, { scroll: false })
        }
        choices={[
          { value: "", label: "No other role" },
          ...Object.entries(ROLES)
            .filter(([id]) => id !== role)
            .map(([value, { title }]) => ({ value, label: title })),
        ]}
      />
    </div>
  );
}
