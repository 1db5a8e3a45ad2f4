import "server-only";
import { AppError } from "./errors";

/**
 * Confirms a destructive act: what a person typed has to be the thing's name, or one of the others that it goes by. Clients that ask on
 * their own terminal leave it out. Error: invalid_input.
 */
export function requireTypedName(typed: string | undefined, ...names: readonly [string, ...string[]]): void {
  if (typed === undefined || names.some((name) => typed.trim() === name.trim())) return;
  throw new AppError("invalid_input", "The name does not match.", { fields: { typedName: `Type ${names.join(" or ")}.` } });
}
