import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { forgetEnvironment } from "@/lib/kernel/env";
import { localStore } from "./local-store";
import { storeSuite } from "./store-contract.suite";

storeSuite("a folder of this machine", () => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-store-")));
  process.env.REEVE_LOCAL_ARTIFACT_ROOTS = `suite=${root}`;
  forgetEnvironment();
  const folder = path.join(root, "store");
  const put = async (file: string, bytes: Buffer) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // Beside it and over it, as clients do that replace a file whole; what grows is written into.
    if (file.endsWith(".log")) return fs.writeFileSync(file, bytes);
    fs.writeFileSync(`${file}~`, bytes);
    fs.renameSync(`${file}~`, file);
  };
  const outside = [path.join(root, "outside.txt"), path.join(root, "store-two/x.txt")];
  for (const file of outside) void put(file, Buffer.from("outside"));
  const store = { id: "s", name: "local", flavor: "local", path: folder, configuration: {}, connectorId: null, resourceType: null, resourceId: null };
  return {
    store: localStore("suite", store),
    uri: (name) => `${folder}/${name}`,
    write: (name, bytes) => put(path.join(folder, name), bytes),
    outside,
    stop: async () => {
      fs.rmSync(root, { recursive: true, force: true });
      delete process.env.REEVE_LOCAL_ARTIFACT_ROOTS;
      forgetEnvironment();
    },
  };
});
