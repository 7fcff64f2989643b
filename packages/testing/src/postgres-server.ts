import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "slipstream-stack/free-port";
import { startProcess } from "./real-process.ts";
import { type StoreProcess, storeProcess } from "./store-process.ts";

const VERSIONS = "/usr/lib/postgresql";

/** A real PostgreSQL on a loopback port of its own. */
export interface PostgresServer extends StoreProcess {
  readonly url: string;
}

/** Starts Debian's PostgreSQL, which refuses to run as root: then it runs as the user `postgres`. */
export async function startPostgres(): Promise<PostgresServer> {
  const [version] = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort().reverse() : [];
  if (version === undefined)
    throw new Error(
      'The tests of the servers project need "postgres": apt-get install postgresql (.ci/run does it).',
    );
  const program = (name: string) => join(VERSIONS, version, "bin", name);
  const directory = mkdtempSync(join(tmpdir(), "slipstream-postgres-"));
  const data = join(directory, "data");
  const asUser = process.getuid?.() === 0 ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  if (asUser.length > 0) chownSync(directory, idOf("-u"), idOf("-g"));
  execFileSync("setpriv", [...asUser, program("initdb"), "-D", data, "-A", "trust", "-U", "desk", "-N"], {
    stdio: "ignore",
    cwd: directory,
  });
  const port = await freePort();
  const url = `postgres://desk@127.0.0.1:${port}/postgres`;
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${directory}`, "-F"];
  const args = [...asUser, program("postgres"), "-D", data, "-p", String(port), ...settings];
  const server = storeProcess({
    name: "PostgreSQL",
    directory,
    start: () => startProcess("setpriv", args, directory),
    serves: () => answers(url),
  });
  await server.restart();
  return { ...server, url };
}

function idOf(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "postgres"]).toString());
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query("SELECT 1")).rows.length === 1;
  } finally {
    await client.end().catch(() => {});
  }
}
