import { storeSuite } from "@/lib/artifacts/store-contract.suite";
import { s3StoreCase } from "../s3-store";
import { startMoto } from "./moto";

storeSuite("S3, before moto; not run against AWS itself", async () => {
  const moto = await startMoto();
  const values = { aws_access_key_id: "AKIAOFTESTS", aws_secret_access_key: "any", region: "us-east-1", endpoint_url: moto.url };
  return { ...(await s3StoreCase(async () => values, moto.object)), stop: moto.stop };
});
