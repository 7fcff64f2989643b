import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// A disk that does not answer as long as the file HANGS_WHILE is there: a sync waits in the operating system.
const sync = fs.fdatasyncSync;
const file = process.env.HANGS_WHILE ?? "";
fs.fdatasyncSync = (descriptor) => {
  if (fs.existsSync(file)) spawnSync("sh", ["-c", 'while [ -e "$0" ]; do sleep 0.1; done', file]);
  sync(descriptor);
};
syncBuiltinESMExports();
