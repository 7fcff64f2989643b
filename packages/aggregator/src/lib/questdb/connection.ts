import { Socket } from "node:net";
import { SlipstreamError } from "@slipstream/conventions";
import { Client } from "pg";
import { withTimeout } from "../retry/with-timeout.ts";
import type { QuestDbAddress } from "./address.ts";
import { reasonOf, TRUST_PG } from "./failure.ts";

/** A connection to QuestDB's PostgreSQL wire. */
export interface QuestDbConnection {
  /** Rows as arrays of their values. Longs come as text. */
  query(sql: string, values?: readonly (string | number)[]): Promise<readonly (readonly unknown[])[]>;
  /** Ends it within a second, whatever the server does. Never rejects. */
  close(): Promise<void>;
}

const CLOSE_MS = 1_000;

/**
 * @param timeoutMs within which the connection must stand, and each query be answered
 * @throws SlipstreamError `questdb_unreachable`, `questdb_denied`
 */
export async function connectQuestDb(
  { pg, pgAddress }: QuestDbAddress,
  timeoutMs: number,
): Promise<QuestDbConnection> {
  // Ours, so that it can be ended although the server answers no more.
  const socket = new Socket();
  const client = new Client({
    ...pg,
    stream: () => socket,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: "slipstream",
  });
  // A connection that breaks while idle fails the next query; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw explain(pgAddress, error);
  }
  return {
    async query(text, values = []) {
      return (await client.query<unknown[]>({ text, values: [...values], rowMode: "array" })).rows;
    },
    async close() {
      await withTimeout(client.end(), CLOSE_MS).catch(() => {});
      socket.destroy();
    },
  };
}

function explain(address: string, error: unknown): SlipstreamError {
  const reason = error instanceof Error ? error.message : String(error);
  if (/username|password|authenticat/i.test(reason)) {
    return new SlipstreamError(
      "questdb_denied",
      `QuestDB at ${address} refuses the name or password of its PostgreSQL wire (${reason}). Where they differ from ` +
        "those of HTTP, give SLIPSTREAM_QUESTDB_PG=postgres://NAME:PASSWORD@HOST:8812/qdb.",
      { field: "questdb", cause: error },
    );
  }
  return new SlipstreamError(
    "questdb_unreachable",
    `QuestDB's PostgreSQL wire cannot be reached at ${address}: ${reasonOf(error, TRUST_PG)}. ` +
      "If it listens elsewhere, set questdbPg (--questdb-pg, SLIPSTREAM_QUESTDB_PG).",
    { field: "questdb", cause: error },
  );
}
