import { describe, expect, it } from "vitest";
import { requestContext } from "@/lib/kernel/request";
import { sentOn } from "./route";

// The page that sends itself on to an identity provider: what its policy lets it post to, and that it needs no script.

const request = requestContext(new Headers(), "ui");
const page = async (post: { url: string; fields: Record<string, string>; back?: string }) => (await sentOn({ post }, request)).text();
const policyOf = (html: string) => /content-security-policy" content="([^"]*)"/.exec(html)?.[1];

describe("the form of a logout", () => {
  it("may go to the provider's one address and to ours, and nowhere else", async () => {
    const html = await page({ url: "https://idp.example/slo;a?t=1", fields: { SAMLRequest: "x" }, back: "https://reeve.example/api/sso/acme/logout" });
    expect(policyOf(html)).toBe("form-action https://idp.example/slo%3Ba https://reeve.example/api/sso/acme/logout");
    expect(html.indexOf("content-security-policy")).toBeLessThan(html.indexOf("<form"));
    expect(html).toContain('<form method="post" action="https://idp.example/slo;a?t=1">');
  });

  it("has a button where no script runs, and lets no value be more than one", async () => {
    const html = await page({ url: "https://idp.example/slo", fields: { RelayState: '"><script>' }, back: "https://reeve.example/x" });
    expect(html).toMatch(/<button>Continue to your identity provider<\/button><\/form>/);
    expect(html).not.toContain('"><script>');
    expect(html.match(/<script>/g)).toHaveLength(1);
  });
});

it("a way to sign in may pass through addresses of the provider's choice", async () => {
  expect(policyOf(await page({ url: "https://idp.example/sso", fields: {} }))).toBeUndefined();
});
