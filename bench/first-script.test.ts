import { expect, it } from "vitest";
import { scriptsOf } from "./first-script";

it("finds every script that the HTML loads, once, and not what is written in it or for old browsers", () => {
  const html = `<head><link rel="preload" as="script" href="/never.js"/><script src="/a.js?v=1&amp;w=2" async="" nonce="x"></script>
    <script>self.x = "<b>"</script><script nomodule="" src="/old.js"></script></head><script async src="/b.js"></script><script src="/b.js"></script>`;
  expect(scriptsOf(html)).toEqual(["/a.js?v=1&w=2", "/b.js"]);
});
