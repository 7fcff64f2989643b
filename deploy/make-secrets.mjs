// Makes what the parts of docker-compose.yml log in with, each in a volume that only those get that need it, and prints it. What is there
// already is kept, so that every start but the first changes nothing. Run by the service `secrets`:
//
//   node make-secrets.mjs FOLDER
//
// FOLDER has a folder for each volume, made by the Dockerfile. Their group may read the files, and the containers that need one are in it.
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Owner writes, group reads. */
const MODE = 0o640;
/** Hexadecimal: it needs no quoting, wherever it is put. */
const newSecret = () => randomBytes(24).toString("hex");

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: node make-secrets.mjs FOLDER\n");
  process.exit(2);
}

try {
  const token = keptOrMade("token", "aggregator-token", newSecret);
  keptOrMade("redis", "redis.conf", () => `requirepass ${keptOrMade("redis", "password", newSecret)}\n`);
  keptOrMade("questdb", "password", newSecret);
  keptOrMade("questdb-reader", "password", newSecret);
  const grafana = keptOrMade("grafana", "admin-password", newSecret);
  process.stdout.write(
    [
      `Grafana     http://127.0.0.1:3000   user admin, password ${grafana}`,
      `Aggregator  http://127.0.0.1:9480   token ${token}`,
      "",
    ].join("\n"),
  );
} catch (error) {
  const { message, code } = error;
  process.stderr.write(`The secrets cannot be made: ${message}\n`);
  if (code === "EACCES")
    process.stderr.write(
      "A volume of secrets belongs to another user: docker compose down --volumes, and begin again.\n",
    );
  process.exitCode = 1;
}

/** @returns what is in the file, after making it if it is not there */
function keptOrMade(volume, name, make) {
  const path = join(folder, volume, name);
  try {
    const kept = readFileSync(path, "utf8");
    if (kept.length > 0) return kept;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const content = make();
  // Whole or not there, whenever the container is killed.
  const unfinished = `${path}.new`;
  const file = openSync(unfinished, "w", MODE);
  writeSync(file, content);
  fsyncSync(file);
  closeSync(file);
  renameSync(unfinished, path);
  return content;
}
