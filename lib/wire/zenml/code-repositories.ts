import "server-only";
import { z } from "zod";
import { ask, defineQuery } from "@/lib/kernel/query";
import type { Endpoint } from "./endpoint";
import { pageOf } from "./respond";

// The client asks for code repositories before each run; there are none until they can be registered.

const listCodeRepositories = defineQuery({
  name: "code-repository.listed",
  permission: "code-repository:read",
  input: z.strictObject({}),
  run: async () => [],
});

export const CODE_REPOSITORY_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/code_repositories",
    permission: "code-repository:read",
    audit: "none: a read",
    list: true,
    handle: async (call) => pageOf(await ask(listCodeRepositories, call.context, {}), 0, 1, 20),
  },
];
