import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { onTestFinished } from "vitest";

/** A real QuestDB on loopback ports of its own, until the test's end. */
export interface QuestDb {
  readonly conf: string;
  readonly pgUrl: string;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function start(settings: Readonly<Record<string, string>>): ChildProcess {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const jar = join(cache, "slipstream-ci", "questdb", "questdb-9.1.0.jar");
  if (!existsSync(jar)) throw new Error(`This test needs ${jar}: .ci/install-servers fetches it.`);
  const folder = testFolder();
  mkdirSync(join(folder, "conf"));
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, "conf", "server.conf"), text.join(""));
  const options = ["-Xmx512m", "-XX:+UseSerialGC", "--add-exports", "java.base/jdk.internal.math=io.questdb"];
  const module = ["-p", jar, "-m", "io.questdb/io.questdb.ServerMain", "-d", folder];
  const server = spawn("java", [...options, ...module], { cwd: folder, stdio: "ignore" });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  });
  return server;
}

export async function startQuestDb(): Promise<QuestDb> {
  const [http, pg] = [await freePort(), await freePort()];
  const server = start({
    "http.bind.to": `127.0.0.1:${http}`,
    "http.min.enabled": "false",
    "pg.net.bind.to": `127.0.0.1:${pg}`,
    "line.tcp.enabled": "false",
    "telemetry.enabled": "false",
    "shared.worker.count": "1",
  });
  await eventually(
    "QuestDB answers",
    async () => {
      if (server.exitCode !== null) throw new Error(`QuestDB ended with ${server.exitCode}`);
      const answer = await fetch(`http://127.0.0.1:${http}/exec?query=SELECT+1`).catch(() => undefined);
      return answer?.ok;
    },
    60_000,
  );
  return { conf: `http::addr=127.0.0.1:${http};`, pgUrl: `postgres://admin:quest@127.0.0.1:${pg}/qdb` };
}
