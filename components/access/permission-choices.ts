import { PERMISSIONS, RESOURCES } from "@/lib/authz/permissions";

/** Every permission as a choice: "run:delete – Runs, their steps and logs". */
export const PERMISSION_CHOICES = PERMISSIONS.map((permission) => {
  const [noun, verb = ""] = permission.split(":");
  const title = RESOURCES[noun as keyof typeof RESOURCES].title;
  return { value: permission, label: `${verb.replaceAll("-", " ")}: ${title}` };
});

export const permissionWords = (permission: string): string => PERMISSION_CHOICES.find(({ value }) => value === permission)?.label ?? permission;
