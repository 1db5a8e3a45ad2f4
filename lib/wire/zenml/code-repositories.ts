import "server-only";
import type { Endpoint } from "./endpoint";
import { pageOf } from "./respond";

// The client asks for code repositories before each run; there are none until they can be registered.

export const CODE_REPOSITORY_ENDPOINTS: Endpoint[] = [
  { method: "GET", path: "/code_repositories", permission: "code-repository:read", audit: "none: a read", list: true, handle: async () => pageOf([], 0, 1, 20) },
];
