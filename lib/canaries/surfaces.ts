import "server-only";
import { environment } from "@/lib/kernel/env";
import { actionId, call } from "./ask";
import type { Held } from "./hold";
import type { Surface } from "./schema";

// The surfaces as a canary uses them: each answers whether it still serves. A refusal in any other way than the surface's own is a failure.

const PROFILE = { file: "app/(console)/account/actions.ts", name: "updateProfileAction" };

/** Asks a surface with what the canary holds. Throws when it answers neither as a door that is open nor as one that is closed. */
export const SERVED: Record<Surface, (held: Held) => Promise<boolean>> = {
  page: async ({ place, cookie, projectPath }) => served("the page", await call(`${place.url}${projectPath}/runs`, { headers: { cookie } }), [303, 307, 404]),
  action: async (held) => {
    const id = actionId(PROFILE.file, PROFILE.name);
    if (!id) throw new Error("this build does not say how its actions are called");
    const { status, text } = await call(`${held.place.url}/account`, { method: "POST", ...actionCall(id, held) });
    if (/"status":"done"/.test(text)) return true;
    if (/"code":"unauthenticated"/.test(text) || [303, 307].includes(status)) return false;
    throw new Error(`the action answered ${status}`);
  },
  rest: async ({ place, cookie }) => served("REST", await call(`${place.url}/api/tags?workspace=${place.workspace.slug}`, { headers: { cookie } }), [401, 404]),
  stream: async ({ stream }) => stream.endedAt() === undefined,
  device: (held) => wire(held, held.deviceToken),
  token: (held) => wire(held, held.token),
  key: (held) => wire(held, held.key),
};

function served(what: string, { status }: { status: number }, refusals: number[]): boolean {
  if (status === 200) return true;
  if (refusals.includes(status)) return false;
  throw new Error(`${what} answered ${status}`);
}

const wire = async ({ place }: Held, bearer: string) =>
  served(
    "the wire",
    await call(`${place.url}/${place.workspace.slug}/api/v1/projects/${encodeURIComponent(place.project)}`, { headers: { authorization: `Bearer ${bearer}` } }),
    [401, 403, 404],
  );

/** The call that the browser's script makes: the state before, and the form with the name that the canary has already. */
function actionCall(id: string, { cookie, name }: Held) {
  const boundary = "reeve-canary";
  // The form's fields come before what refers to them.
  const parts = [
    ["_1_fullName", name],
    ["0", JSON.stringify([{ status: "idle" }, "$K1"])],
  ];
  const body = parts.map(([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`);
  return {
    headers: {
      cookie,
      origin: environment().url,
      "sec-fetch-site": "same-origin",
      accept: "text/x-component",
      "next-action": id,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
    body: `${body.join("")}--${boundary}--\r\n`,
  };
}
