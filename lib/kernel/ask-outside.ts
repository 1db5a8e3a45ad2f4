import "server-only";
import { AppError } from "./errors";

// What a transaction needs from outside. Nothing is called while one is open: who needs an answer throws the question, the transaction ends
// with nothing kept, the question is asked, and the work begins anew with the answer (decision 39).

export class AskOutside extends Error {
  override name = "AskOutside";
  constructor(
    readonly key: string,
    /** Asks; its errors are the work's. */
    readonly ask: () => Promise<unknown>,
  ) {
    super("an answer from outside is needed: the transaction has to end first");
  }
}

declare global {
  /** Opens master keys that an outside service seals, where there is one (lib/master-key/outside-keys.ts). */
  var reeveUnlock: (() => Promise<void>) | undefined;
}

/** What has to be asked before the work can go on; undefined for other errors. */
export function questionOf(error: unknown): AskOutside | undefined {
  if (error instanceof AskOutside) return error;
  const { reeveUnlock } = globalThis;
  if (!reeveUnlock || !(error instanceof AppError) || error.code !== "sealed") return undefined;
  return new AskOutside("the master key", () => reeveUnlock().catch(() => undefined)); // the work then says itself what is missing
}

/** What stays from one attempt of a work to the next, by the transaction of the attempt. */
const kept = new WeakMap<object, Map<string, unknown>>();

export const keepAcross = (tx: object, answers: Map<string, unknown>): void => void kept.set(tx, answers);

/** The answer that this work has asked for; the first time it ends the transaction to get it. Error: AskOutside, for `inScope` alone. */
export function answerFor<T>(tx: object, key: string, ask: () => Promise<T>): T {
  const answers = kept.get(tx);
  if (answers?.has(key)) return answers.get(key) as T;
  throw new AskOutside(key, ask);
}

/** The same in every attempt of a work: for ids that what lies outside is named by. */
export function sameAgain<T>(tx: object, key: string, make: () => T): T {
  const answers = kept.get(tx);
  if (answers?.has(key)) return answers.get(key) as T;
  const made = make();
  answers?.set(key, made);
  return made;
}
