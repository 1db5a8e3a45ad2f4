import { objectOf } from "./object-text";

// Environment variables of stacks and components often hold credentials: the trail and most readers get their names only.

/** The names of the variables of a JSON text, in their order. */
export const variableNames = (text: string | null | undefined): string[] => Object.keys(objectOf(text ?? "{}") ?? {}).sort();

/** For an entry: the names before and after, and those that have another value; `isSame` when nothing differs. */
export function variablesChange(was: string, is: string): { before: string[]; after: string[]; replaced: string[]; isSame: boolean } {
  const [old, now] = [objectOf(was) ?? {}, objectOf(is) ?? {}];
  const [before, after] = [variableNames(was), variableNames(is)];
  const replaced = after.filter((name) => Object.hasOwn(old, name) && old[name] !== now[name]);
  return { before, after, replaced, isSame: replaced.length === 0 && before.join("\n") === after.join("\n") };
}
