import { v7 } from "uuid";

/** A UUIDv7 (RFC 9562 §5.7), lower case. Ordered by creation; no time is ever read back from it. */
export const newId = (): string => v7();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID of any version in its canonical form; upper case counts too. */
export const isUuid = (text: unknown): text is string => typeof text === "string" && UUID.test(text.toLowerCase());
