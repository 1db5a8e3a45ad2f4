import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Answers, type AnswersServer, startAnswers } from "./recorded-answers";

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const answer = (text: string) => ({ status: 200, headers: {}, body: Buffer.from(text) });

it("gives each call its answers in order, the same path before one of its form, and the last for ever", () => {
  const answers = new Answers();
  answers.keep("GET", `/steps/${id(1)}?hydrate=True`, answer("one, running"));
  answers.keep("GET", `/steps/${id(2)}`, answer("two"));
  answers.keep("GET", `/steps/${id(1)}`, answer("one, completed"));
  answers.keep("PUT", `/steps/${id(1)}`, answer("changed"));
  const asked = (method: string, url: string) => answers.find(method, url)?.body.toString();
  expect(asked("GET", `/steps/${id(1)}`)).toBe("one, running");
  expect(asked("GET", `/steps/${id(2)}`)).toBe("two");
  expect(asked("GET", `/steps/${id(1)}?other=1`)).toBe("one, completed");
  expect(asked("GET", `/steps/${id(1)}`)).toBe("one, completed");
  expect(asked("PUT", `/steps/${id(9)}`)).toBe("changed");
  expect(asked("GET", "/runs")).toBeUndefined();
  answers.rewind();
  expect(asked("GET", `/steps/${id(1)}`)).toBe("one, running");
  expect(answers.count).toBe(4);
});

let requests = 0;
const upstream = http.createServer((request, response) => {
  requests++;
  response.setHeader("x-kept", "yes");
  response.statusCode = request.url === "/none" ? 401 : 200;
  response.end(`answer ${requests}`);
});
let server: AnswersServer;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  server = await startAnswers(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
});
afterAll(() => {
  server.close();
  upstream.close();
});

it("passes on and keeps, then answers without the server", async () => {
  expect(await (await fetch(`${server.url}/a`)).text()).toBe("answer 1");
  expect((await fetch(`${server.url}/none`, { method: "POST", body: "x" })).status).toBe(401);
  server.replay();
  const again = await fetch(`${server.url}/a`);
  expect([await again.text(), again.headers.get("x-kept")]).toEqual(["answer 1", "yes"]);
  expect((await fetch(`${server.url}/none`, { method: "POST" })).status).toBe(401);
  expect((await fetch(`${server.url}/never`)).status).toBe(404);
  expect(requests).toBe(2);
});
