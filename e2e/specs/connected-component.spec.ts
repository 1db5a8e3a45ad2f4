import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "../browser";
import { wireOf } from "../clients/zenml/client";
import { OTHER_WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";

// A component is registered with a connector that fits: the form offers its buckets, and the pages of both name each other.

const LIST = `/${OTHER_WORKSPACE}/components`;

test("a store gets its bucket from what a connector reaches", async ({ openAs, reeve }) => {
  const cloud = http.createServer((request, response) => {
    const identity = "<R><Arn>arn:aws:iam::123456789012:user/reeve</Arn><Account>123456789012</Account></R>";
    response.end(
      request.method === "POST" ? identity : "<L><Buckets><Bucket><Name>form-lake</Name></Bucket><Bucket><Name>other-lake</Name></Bucket></Buckets></L>",
    );
  });
  await new Promise<void>((resolve) => cloud.listen(0, "127.0.0.1", resolve));
  try {
    const wire = await wireOf(`${reeve.url}/${OTHER_WORKSPACE}`, reeve.keys.churnCi);
    const configuration = {
      aws_access_key_id: "AKIA",
      aws_secret_access_key: "s",
      region: "us-east-1",
      endpoint_url: `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`,
    };
    const wish = { name: "form-aws", connector_type: "aws", auth_method: "session-token", resource_types: ["s3-bucket"], configuration };
    const made = await wire("POST", "/service_connectors", wish);
    expect(made.status, JSON.stringify(made.body)).toBe(200);

    const page = await openAs("outsider", `${LIST}/new?type=artifact_store&flavor=s3`);
    await page.getByLabel("Name", { exact: true }).fill("form-store");
    await page.getByLabel(/^Gets its credentials through/).selectOption({ label: "form-aws (aws, session-token)" });
    await page.getByRole("button", { name: "s3://form-lake: use it" }).click();
    await expect(page.getByLabel("Path", { exact: true })).toHaveValue("s3://form-lake");
    await page.getByLabel("Path", { exact: true }).fill("s3://form-lake/art");
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Register component" }).click();
    await expect(page).toHaveURL(/\/components\/[0-9a-f-]{36}$/);
    await expect(page.locator("main")).toContainText("s3://form-lake/art");
    await page.getByRole("link", { name: "form-aws" }).click();
    await expect(page).toHaveURL(/\/connectors\/[0-9a-f-]{36}$/);
    await page.getByRole("link", { name: "form-store" }).click();
    await page.getByRole("link", { name: "Change" }).click();
    await expect(page.getByLabel(/^Gets its credentials through/)).toHaveValue(/[0-9a-f-]{36}/);
    await page.getByLabel(/^Gets its credentials through/).selectOption({ label: "No connector" });
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page).toHaveURL(/\/components\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("link", { name: "form-aws" })).toHaveCount(0);
  } finally {
    cloud.close();
  }
});
