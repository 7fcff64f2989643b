import { withTimeout } from "../retry/with-timeout.ts";
import type { RemoteHistory } from "../sinks/history-sink.ts";
import { type Lease, RENEW_MS } from "../writer/writer.ts";
import { explainWrite, type QuestDbClient, sendRows } from "./client.ts";
import type { QuestDbConnection } from "./connection.ts";
import { QUESTDB, type TableOptions } from "./definition.ts";
import type { QuestDbLease } from "./questdb-lease.ts";
import { prepareTables } from "./tables.ts";

export interface LeasedHistoryOptions extends TableOptions {
  readonly lease: QuestDbLease;
  /** Who has the lease of Redis instead of us, which covers QuestDB too; undefined if nobody, or if there is no Redis. */
  readonly redisWriter?: (() => Lease | undefined) | undefined;
  /** Address, for messages. */
  readonly http: string;
  /** Milliseconds within which a write must be answered. */
  readonly timeoutMs: number;
  /** For what is asked in SQL. */
  readonly connect: () => Promise<QuestDbConnection>;
  /** For the rows. */
  readonly openClient: () => Promise<{ readonly client: QuestDbClient; close(): Promise<void> }>;
}

/** Longest time that giving the lease back may take. */
const RELEASE_MS = 1_500;

interface Opened {
  readonly connection: QuestDbConnection;
  readonly client: QuestDbClient;
  readonly timer: NodeJS.Timeout;
  closeClient(): Promise<void>;
}

/** QuestDB while this process has its lease. The tables are made and checked each time that it is opened. */
export function createLeasedHistory(options: LeasedHistoryOptions): RemoteHistory {
  const { lease, redisWriter, http, timeoutMs, connect, openClient, ...tables } = options;
  let opened: Opened | undefined;
  let renewing: Promise<void> | undefined;

  /** Renews the lease; once, however many ask for it. */
  function renew(connection: QuestDbConnection): Promise<void> {
    renewing ??= lease.hold(connection).finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  /** @throws Error if another process may write, and not this one */
  async function assertMayWrite(connection: QuestDbConnection): Promise<void> {
    const other = redisWriter?.();
    if (other !== undefined) await lease.yieldTo(connection, other);
    if (!lease.lasts) await renew(connection);
  }

  async function close(): Promise<void> {
    const ending = opened;
    opened = undefined;
    if (ending === undefined) return;
    clearInterval(ending.timer);
    await ending.closeClient().catch(() => {});
    await ending.connection.close();
  }

  async function giveBack(): Promise<void> {
    if (opened !== undefined) return lease.release(opened.connection);
    const connection = await connect();
    await lease.release(connection).finally(() => connection.close());
  }

  return {
    name: QUESTDB,
    get ready() {
      return opened !== undefined && redisWriter?.() === undefined && lease.lasts;
    },
    async open() {
      const connection = await connect();
      try {
        await lease.prepare(connection);
        await assertMayWrite(connection);
        const created = await prepareTables(connection, tables);
        const { client, close: closeClient } = await openClient().catch((error: unknown) => {
          throw explainWrite(http, error);
        });
        // A failure shows at the next write, or because the lease does not last.
        const timer = setInterval(() => void renew(connection).catch(() => {}), RENEW_MS);
        timer.unref();
        opened = { connection, client, timer, closeClient };
        return { isNew: created.length > 0 };
      } catch (error) {
        // Who cannot write does not keep others from it.
        await lease.release(connection).catch(() => {});
        await connection.close();
        throw error;
      }
    },
    async write(rows) {
      if (opened === undefined) throw new Error("QuestDB is not open.");
      await assertMayWrite(opened.connection);
      try {
        await withTimeout(sendRows(opened.client, rows, tables.tablePrefix), timeoutMs);
      } catch (error) {
        throw explainWrite(http, error);
      }
    },
    close,
    async release() {
      try {
        if (lease.isTaken) await withTimeout(giveBack(), RELEASE_MS);
      } catch {
        // It ends by itself.
      }
      await close();
    },
  };
}
