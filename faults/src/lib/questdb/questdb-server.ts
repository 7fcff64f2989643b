import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { openQuestDbReader } from "@slipstream/aggregator";
import type { HistoryTableName } from "@slipstream/conventions";
import type { Rows } from "../aggregator/stored-history.ts";
import { eventually } from "../testing/eventually.ts";

/** A real QuestDB on loopback ports of its own. */
export class QuestDbServer {
  readonly conf: string;
  readonly pgUrl: string;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(ports: { readonly http: number; readonly pg: number }) {
    this.conf = `http::addr=127.0.0.1:${ports.http};`;
    this.pgUrl = `postgres://admin:quest@127.0.0.1:${ports.pg}/qdb`;
    this.#folder = mkdtempSync(join(tmpdir(), "slipstream-questdb-"));
    mkdirSync(join(this.#folder, "conf"));
    const settings = {
      "http.bind.to": `127.0.0.1:${ports.http}`,
      "http.min.enabled": "false",
      "pg.net.bind.to": `127.0.0.1:${ports.pg}`,
      "line.tcp.enabled": "false",
      "telemetry.enabled": "false",
      "shared.worker.count": "1",
    };
    const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.#folder, "conf", "server.conf"), text.join(""));
    const java = ["-Xmx512m", "-XX:+UseSerialGC", "--add-exports", "java.base/jdk.internal.math=io.questdb"];
    const args = [...java, "-p", jar(), "-m", "io.questdb/io.questdb.ServerMain", "-d", this.#folder];
    this.#child = spawn("java", args, { cwd: this.#folder, stdio: "ignore" });
  }

  /** @throws Error where its jar is not there, with what fetches it */
  static async start(): Promise<QuestDbServer> {
    const server = new QuestDbServer({ http: await freePort(), pg: await freePort() });
    await eventually("QuestDB answers", () => server.query("SELECT 1").catch(() => undefined), 60_000);
    return server;
  }

  /** Settings of an aggregator that writes to it. */
  get env(): Readonly<Record<string, string>> {
    return { QDB_CLIENT_CONF: this.conf, SLIPSTREAM_QUESTDB_PG: this.pgUrl };
  }

  /** Rows of a table as the history's own reader has them; none where there is no table yet. */
  async rows(table: HistoryTableName): Promise<Rows> {
    const reader = await openQuestDbReader({ conf: this.conf, pgUrl: this.pgUrl });
    try {
      return await reader.rows({ table, limit: 1_000_000 });
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message)) return [];
      throw error;
    } finally {
      await reader.close();
    }
  }

  /** The first row of an answer. */
  async query(sql: string): Promise<readonly unknown[]> {
    const url = `${this.conf.replace("http::addr=", "http://").replace(";", "")}/exec?query=${encodeURIComponent(sql)}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const { dataset, error } = (await answer.json()) as { dataset?: unknown[][]; error?: string };
    if (dataset === undefined) throw new Error(error ?? `QuestDB answers ${answer.status}`);
    return dataset[0] ?? [];
  }

  /** Connections stay open, and nothing is answered. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function jar(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const file = join(cache, "slipstream-ci", "questdb", "questdb-9.1.0.jar");
  if (!existsSync(file)) throw new Error(`This test needs ${file}: .ci/install-servers fetches it.`);
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
