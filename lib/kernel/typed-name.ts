import "server-only";
import { AppError } from "./errors";

/** Confirms a destructive act: what a person typed has to be the thing's name. Clients that ask on their own terminal leave it out. Error: invalid_input. */
export function requireTypedName(typed: string | undefined, name: string): void {
  if (typed !== undefined && typed.trim() !== name.trim())
    throw new AppError("invalid_input", "The name does not match.", { fields: { typedName: `Type ${name}.` } });
}
