import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type OnLeaseState, Standing } from "../writer/standing.ts";
import {
  Deadline,
  LEASE_MS,
  type Lease,
  type LeaseState,
  questDbStore,
  redisStore,
  type Writer,
  writerOther,
} from "../writer/writer.ts";
import type { QuestDbConnection } from "./connection.ts";

/** The lease's table, after the prefix. */
export const WRITER_TABLE = "slipstream_writer";

/** One row: who took the lease when, and until when it is theirs. A renewal replaces the row. */
interface Claim extends Writer {
  readonly epoch: number;
  /** Unix microseconds, as QuestDB's clock showed when it was taken. */
  readonly sinceUs: number;
  /** Whether it has not ended. */
  readonly lasts: boolean;
}

const claimRow = z
  .tuple([
    z.string(),
    z.string(),
    z.string(),
    z.string().nullable(),
    z.string(),
    z.coerce.number(),
    z.coerce.number(),
    z.coerce.number(),
    z.boolean(),
  ])
  .transform(
    ([run, instance, place, desk, host, pid, epoch, sinceUs, lasts]): Claim => ({
      run,
      instance,
      place,
      desk: desk ?? "",
      host,
      pid,
      epoch,
      sinceUs,
      lasts,
    }),
  );

/** Longest time until QuestDB shows a row that it has taken. */
const VISIBLE_MS = 3_000;
const NEWEST_CLAIMS = 20;

/** Who has a lease of QuestDB; undefined if nobody has. Of two that took it at once, the first. */
function holderOf(claims: readonly Claim[]): Claim | undefined {
  const before = (a: Claim, b: Claim): number =>
    b.epoch - a.epoch || a.sinceUs - b.sinceUs || (a.run < b.run ? -1 : 1);
  return claims.filter(({ lasts }) => lasts).sort(before)[0];
}

/** The lease as QuestDB has it, to be read by someone who does not want it; undefined if nobody has it. */
export async function readQuestDbLease(
  connection: QuestDbConnection,
  tablePrefix: string,
): Promise<(Lease & { readonly run: string }) | undefined> {
  try {
    return holderOf(await readClaims(connection, `${tablePrefix}${WRITER_TABLE}`));
  } catch (error) {
    if (error instanceof Error && /table does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

/** The desk of the newest writer, whether it still writes; "" if it has no name, or if nobody has written. */
export async function newestWriterDesk(connection: QuestDbConnection, tablePrefix: string): Promise<string> {
  try {
    const [row] = await connection.query(
      `SELECT desk FROM ${tablePrefix}${WRITER_TABLE} ORDER BY epoch DESC, timestamp DESC LIMIT 1`,
    );
    return deskRow.parse(row ?? [null])[0] ?? "";
  } catch (error) {
    if (error instanceof Error && /table does not exist/.test(error.message)) return "";
    throw error;
  }
}

const deskRow = z.tuple([z.string().nullable()]);

/**
 * The right to write into QuestDB's tables with a prefix. QuestDB has no locks: the lease is a row in a table, which is read
 * when it is taken and each time that it is renewed. So two processes are told apart within seconds, and not in the same step as
 * each write. The times are those of QuestDB's clock.
 */
export class QuestDbLease {
  readonly #writer: Writer;
  readonly #table: string;
  readonly #standing: Standing;
  #mine: Claim | undefined;
  #held: Deadline | undefined;

  constructor(options: {
    readonly writer: Writer;
    readonly tablePrefix: string;
    readonly onState?: OnLeaseState;
  }) {
    this.#writer = options.writer;
    this.#table = `${options.tablePrefix}${WRITER_TABLE}`;
    this.#standing = new Standing(options.writer, options.onState);
  }

  get state(): LeaseState {
    return this.#standing.state;
  }

  /** Whether it is ours by what we know: no time has passed in which it could have ended. */
  get lasts(): boolean {
    return this.#held?.passed === false;
  }

  /** Whether it was taken and not given back; it may have ended meanwhile. */
  get isTaken(): boolean {
    return this.#mine !== undefined;
  }

  /** Makes the table of the lease if it is missing. */
  async prepare(connection: QuestDbConnection): Promise<void> {
    await connection.query(
      `CREATE TABLE IF NOT EXISTS ${this.#table} (timestamp TIMESTAMP, run VARCHAR, instance VARCHAR, place VARCHAR, ` +
        "desk VARCHAR, host VARCHAR, pid LONG, epoch LONG, until TIMESTAMP) TIMESTAMP(timestamp) " +
        "PARTITION BY MONTH WAL DEDUP UPSERT KEYS(timestamp, run)",
    );
  }

  /** Takes the lease if it is free, and renews it if it is ours. @throws SlipstreamError `writer_other` if another has it */
  async hold(connection: QuestDbConnection): Promise<void> {
    const deadline = new Deadline(LEASE_MS);
    const claims = await readClaims(connection, this.#table);
    const holder = holderOf(claims);
    const ours = holder !== undefined && holder.run === this.#writer.run;
    if (ours) await this.#put(connection, holder);
    else {
      if (holder !== undefined && !this.#isFormer(holder)) await this.#refuse(connection, holder);
      await this.#claim(connection, Math.max(0, ...claims.map(({ epoch }) => epoch)) + 1);
    }
    this.#held = deadline;
    this.#standing.held(this.#mine?.epoch ?? 0);
  }

  /** Another has the lease of Redis, which covers QuestDB too. @throws SlipstreamError `writer_other` always */
  async yieldTo(connection: QuestDbConnection, lease: Lease): Promise<never> {
    await this.release(connection);
    this.#standing.refused(lease, false, "redis");
    throw writerOther(redisStore, lease, this.#writer);
  }

  /** Gives the lease back. */
  async release(connection: QuestDbConnection): Promise<void> {
    const mine = this.#mine;
    this.#mine = undefined;
    this.#held = undefined;
    if (mine !== undefined) await this.#put(connection, mine, 0);
  }

  async #claim(connection: QuestDbConnection, epoch: number): Promise<void> {
    const [[now] = []] = await connection.query("SELECT now()::long");
    const claim: Claim = { ...this.#writer, epoch, sinceUs: z.coerce.number().parse(now), lasts: true };
    await this.#put(connection, claim);
    const endMs = performance.now() + VISIBLE_MS;
    for (;;) {
      const claims = await readClaims(connection, this.#table);
      if (claims.some(({ run, sinceUs }) => run === claim.run && sinceUs === claim.sinceUs)) {
        const holder = holderOf(claims);
        if (holder !== undefined && holder.run !== claim.run) await this.#refuse(connection, holder);
        return;
      }
      if (performance.now() > endMs) {
        throw new Error(
          `QuestDB does not show what is written to the table ${this.#table}; is it suspended?`,
        );
      }
      await sleep(50);
    }
  }

  async #refuse(connection: QuestDbConnection, { desk, instance, host, pid, epoch }: Claim): Promise<never> {
    const lease = { desk, instance, host, pid, epoch };
    this.#standing.refused(lease, this.#mine !== undefined);
    await this.release(connection);
    throw writerOther(questDbStore, lease, this.#writer);
  }

  /** An earlier process of this instance, which the lock of the data folder has outlived. */
  #isFormer({ instance, place }: Claim): boolean {
    return !this.#standing.copied && instance === this.#writer.instance && place === this.#writer.place;
  }

  async #put(connection: QuestDbConnection, claim: Claim, ms: number = LEASE_MS): Promise<void> {
    const { run, instance, place, desk, host, pid, epoch, sinceUs } = claim;
    const texts = [run, instance, place, desk, host].map((text) => `'${text.replaceAll("'", "''")}'`);
    await connection.query(
      `INSERT INTO ${this.#table} (timestamp, run, instance, place, desk, host, pid, epoch, until) ` +
        `VALUES (${sinceUs}::timestamp, ${texts.join(", ")}, ${pid}, ${epoch}, dateadd('s', ${ms / 1_000}, now()))`,
    );
    this.#mine = ms > 0 ? claim : undefined;
  }
}

async function readClaims(connection: QuestDbConnection, table: string): Promise<readonly Claim[]> {
  const rows = await connection.query(
    "SELECT run, instance, place, desk, host, pid, epoch, timestamp::long, until > now() " +
      `FROM ${table} ORDER BY epoch DESC LIMIT ${NEWEST_CLAIMS}`,
  );
  return z.array(claimRow).parse(rows);
}
