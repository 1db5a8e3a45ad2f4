import { type Permission, type Reach, type RoleId, rightsOf } from "./permissions";

/** True when a role gives at most what another does: every right of it, in no wider reach. */
export function isWithin(role: RoleId, outer: RoleId): boolean {
  const around = rightsOf(outer);
  return (Object.entries(rightsOf(role)) as [Permission, Reach][]).every(([permission, reach]) => around[permission] === "any" || around[permission] === reach);
}
