import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "slipstream-stack/free-port";
import { type RealProcess, startProcess, untilServing } from "./real-process.ts";

const VERSIONS = "/usr/lib/postgresql";

/** A real PostgreSQL on a loopback port of its own. */
export interface PostgresServer {
  readonly url: string;
  pause(): void;
  resume(): void;
  /** Kills it at once. */
  kill(): Promise<void>;
  /** Starts it again, on the same port, with the same files. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
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
  let server: RealProcess | undefined;

  async function start(): Promise<void> {
    const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${directory}`, "-F"];
    const args = [...asUser, program("postgres"), "-D", data, "-p", String(port), ...settings];
    server = startProcess("setpriv", args, directory);
    await untilServing("PostgreSQL", server, () => answers(url));
  }

  await start();
  return {
    url,
    pause: () => server?.signal("SIGSTOP"),
    resume: () => server?.signal("SIGCONT"),
    kill: async () => server?.kill(),
    restart: async () => {
      await server?.kill();
      await start();
    },
    close: async () => {
      await server?.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
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
