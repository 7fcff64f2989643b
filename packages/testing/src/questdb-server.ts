import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "slipstream-stack/free-port";
import { questdbCommand, questdbJar, writeQuestdbFiles } from "slipstream-stack/parts/questdb";
import { requireProgram, startProcess } from "./real-process.ts";
import { type StoreProcess, storeProcess } from "./store-process.ts";

/** A real QuestDB on loopback ports of its own. */
export interface QuestDbServer extends StoreProcess {
  /** Configuration string, as `QDB_CLIENT_CONF` takes it. */
  readonly conf: string;
  /** Its PostgreSQL wire, which is not on the usual port here. */
  readonly pgUrl: string;
  /** Runs one statement by a short-lived connection; rows as arrays, longs as text. */
  query(sql: string): Promise<unknown[][]>;
}

export interface QuestDbServerOptions {
  /** User and password that HTTP wants. The PostgreSQL wire has its own, admin and quest. */
  readonly http?: { readonly user: string; readonly password: string };
  /** false: reserve the ports, and start nothing before `restart`. */
  readonly started?: boolean;
}

/** Starts QuestDB with a small heap and little else. */
export async function startQuestDb(options: QuestDbServerOptions = {}): Promise<QuestDbServer> {
  requireProgram("java", "default-jre-headless");
  if (!existsSync(questdbJar()))
    throw new Error(`${questdbJar()} is missing: npm run stack -- install questdb brings it.`);
  const directory = mkdtempSync(join(tmpdir(), "slipstream-questdb-"));
  const [http, pg] = [await freePort(), await freePort()];
  const { http: login, started = true } = options;
  const settings = login === undefined ? {} : { "http.user": login.user, "http.password": login.password };
  writeQuestdbFiles({ folder: directory, http, pg, settings });
  const pgUrl = `postgres://admin:quest@127.0.0.1:${pg}/qdb`;

  async function query(sql: string): Promise<unknown[][]> {
    const client = new Client({
      connectionString: pgUrl,
      connectionTimeoutMillis: 2_000,
      query_timeout: 5_000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query<unknown[]>({ text: sql, rowMode: "array" })).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  const { program, args } = questdbCommand(directory);
  const process = storeProcess({
    name: "QuestDB",
    directory,
    start: () => startProcess(program, args, directory),
    serves: async () =>
      (await query("SELECT 1")).length === 1 && (await fetch(`http://127.0.0.1:${http}/settings`)).ok,
    deadlineMs: 60_000,
  });

  if (started) await process.restart();
  const auth = login === undefined ? "" : `username=${login.user};password=${login.password};`;
  return {
    conf: `http::addr=127.0.0.1:${http};${auth}`,
    pgUrl,
    query,
    ...process,
  };
}
