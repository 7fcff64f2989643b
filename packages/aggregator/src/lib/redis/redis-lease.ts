import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { withTimeout } from "../retry/with-timeout.ts";
import { type OnLeaseState, Standing } from "../writer/standing.ts";
import {
  Deadline,
  LEASE_MS,
  type Lease,
  type LeaseState,
  RENEW_MS,
  redisStore,
  type Writer,
  writerOther,
} from "../writer/writer.ts";
import { plainRedisError } from "./plain-error.ts";
import { assertReady, type RedisClient, type RedisCommand, type RedisReadiness } from "./redis-client.ts";
import { holdScript, releaseScript, writeScript } from "./redis-scripts.ts";

/** The lease's key, after the prefix. */
export const WRITER_KEY = "slipstream:writer";

/** Time within which a script must be answered, ms. */
const ANSWER_MS = 3_000;
/** Time in which the lease is given back at the end: a new connection may have to be made for it, ms. */
const RELEASE_MS = 1_000;

export interface RedisLeaseOptions extends RedisReadiness {
  readonly client: RedisClient;
  readonly writer: Writer;
  /** Comes before every key; "" for none. */
  readonly prefix?: string | undefined;
  readonly onState?: OnLeaseState;
}

/** The lease as HGETALL answers it, by field; undefined if nobody has it. */
export function leaseOf(fields: Readonly<Record<string, unknown>>): Lease | undefined {
  return Object.keys(fields).length === 0 ? undefined : leaseFields.parse(fields);
}

/** The answer of a script: 0 and another's lease, or 1 and what was asked for. */
const answer = z.tuple([z.number()], z.unknown());
const leaseFields = z.object({
  desk: z.string().default(""),
  instance: z.string().default(""),
  host: z.string().default("unknown"),
  pid: z.coerce.number().catch(0),
  epoch: z.coerce.number().catch(0),
});

/**
 * The right to write into Redis under a prefix. One process has it at a time; Redis itself keeps it and checks it in the same step
 * as each write, so that a process that was stopped, or cut off, cannot write after another has taken over. Redis's own clock is
 * the only one that counts.
 */
export class RedisLease {
  readonly #options: RedisLeaseOptions;
  readonly #key: string;
  readonly #standing: Standing;
  readonly #timer: NodeJS.Timeout;
  /** Resolves when Redis was asked for the first time, whatever came of it. */
  readonly #asked: Promise<void>;
  /** Whether Redis answered the last question with an error, or not at all. */
  #failed = false;
  #epoch: string | undefined;
  /** Of any lease that Redis has told of. */
  #highestEpoch = 0;
  #keeping: Promise<void> | undefined;
  /** What Redis said last counts until then. */
  #known: Deadline | undefined;
  #closed = false;

  constructor(options: RedisLeaseOptions) {
    this.#options = options;
    this.#key = `${options.prefix ?? ""}${WRITER_KEY}`;
    this.#standing = new Standing(options.writer, options.onState);
    const keep = () => (this.#keeping = this.#keep());
    this.#timer = setInterval(keep, RENEW_MS);
    this.#timer.unref();
    this.#asked = keep();
  }

  get state(): LeaseState {
    return this.#standing.state;
  }

  /** Why this process may not write, as far as that is known. */
  get refusal(): Error | undefined {
    const { other } = this;
    return other === undefined ? undefined : writerOther(redisStore, other, this.#options.writer);
  }

  /** Who writes instead of us, as Redis said within the time of a lease; undefined if we may, or if that is not known. */
  get other(): Lease | undefined {
    const { held, lease } = this.state;
    return held === false && this.#known?.passed === false ? lease : undefined;
  }

  /**
   * For what only reads, and yet must not say that all is well if nothing could be written.
   *
   * @throws SlipstreamError `writer_other` if another has the lease; Error if Redis does not take the lease
   */
  async assertMayWrite(): Promise<void> {
    await this.#asked;
    if (this.#failed) await this.hold();
    if (this.refusal !== undefined) throw this.refusal;
  }

  /** Takes the lease if it is free, and renews it if it is ours. @throws Error if Redis cannot be asked */
  async hold(): Promise<LeaseState> {
    const { run, instance, place, desk, host, pid } = this.#options.writer;
    const patient = this.#standing.copied ? "1" : "0";
    const [held, ...rest] = await this.#eval(
      holdScript,
      [],
      LEASE_MS,
      patient,
      run,
      instance,
      place,
      desk,
      host,
      pid,
      this.#highestEpoch,
    );
    if (held === 1) {
      const epoch = z.string().parse(rest[0]);
      this.#epoch = epoch;
      this.#sawEpoch(Number(epoch));
      this.#standing.held(Number(epoch));
    } else this.#lose(rest);
    return this.state;
  }

  /**
   * Carries out the commands in one step, if the lease is ours; it is taken before if it is free.
   *
   * @returns their replies
   * @throws SlipstreamError `writer_other` if another has the lease; the first error of a command
   */
  async write(commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const replies = (await this.#tryWrite(commands)) ?? (await this.#tryWrite(commands));
    if (replies === undefined) throw new Error("The lease on Redis ended before the write.");
    return replies;
  }

  /** undefined: the lease had ended, and is to be taken again. */
  async #tryWrite(commands: readonly RedisCommand[]): Promise<readonly unknown[] | undefined> {
    if (this.#epoch === undefined) await this.hold();
    if (this.#epoch === undefined) throw this.refusal ?? new Error("Redis does not say who has the lease.");
    const keys = [...new Set(commands.map(([, key]) => key))];
    // The lease is the first key.
    const numbers = new Map(keys.map((key, index) => [key, index + 2]));
    const texts = commands.flatMap(([name, key, ...args]) => [
      name,
      numbers.get(key) ?? 0,
      args.length,
      ...args,
    ]);
    const { run } = this.#options.writer;
    const [written, ...replies] = await this.#eval(writeScript, keys, LEASE_MS, run, this.#epoch, ...texts);
    if (written === 1) return replies;
    if (replies.length === 0) {
      this.#epoch = undefined;
      return undefined;
    }
    this.#lose(replies);
    throw this.refusal ?? new Error("Redis does not say who has the lease.");
  }

  /**
   * Gives the lease back, also one whose taking was not answered. If Redis has just failed over, this waits a moment for the new
   * connection. Never rejects.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    const deadline = new Deadline(this.#epoch === undefined ? 0 : RELEASE_MS);
    // What is under way may still take the lease.
    await Promise.race([this.#keeping, sleep(RELEASE_MS, undefined, { ref: false })]);
    this.#epoch = undefined;
    while (!(await this.#release()) && !deadline.passed) await sleep(50);
  }

  async #release(): Promise<boolean> {
    try {
      await this.#eval(releaseScript, [], this.#options.writer.run);
      return true;
    } catch {
      return false;
    }
  }

  async #keep(): Promise<void> {
    try {
      if (!this.#closed) await this.hold();
    } catch {
      // The sink reports what is wrong with Redis. What was known of the lease may have changed meanwhile.
      if (this.#known?.passed === false) return;
      this.#epoch = undefined;
      this.#standing.unknown();
    }
  }

  async #eval(
    script: string,
    keys: readonly string[],
    ...args: readonly (string | number)[]
  ): Promise<readonly [number, ...unknown[]]> {
    const { client } = this.#options;
    try {
      await assertReady(this.#options);
      // A client of the service's own may wait for an answer for ever.
      const asked = client.eval(script, keys.length + 1, this.#key, ...keys, ...args);
      const given = await withTimeout(asked, ANSWER_MS);
      this.#known = new Deadline(LEASE_MS);
      this.#failed = false;
      return answer.parse(Array.isArray(given) ? given : [given]);
    } catch (error) {
      this.#failed = true;
      throw plainRedisError(error, this.#options.fault);
    }
  }

  /** @param fields another's lease, as HGETALL answers it */
  #lose(fields: readonly unknown[]): void {
    const wasOurs = this.#epoch !== undefined;
    this.#epoch = undefined;
    const pairs = Array.from({ length: Math.floor(fields.length / 2) }, (_, at) => [
      String(fields[2 * at]),
      fields[2 * at + 1],
    ]);
    const lease = leaseOf(Object.fromEntries(pairs));
    this.#sawEpoch(lease?.epoch ?? 0);
    this.#standing.refused(lease, wasOurs);
  }

  #sawEpoch(epoch: number): void {
    // A text that is no number of this size would end the script.
    if (Number.isSafeInteger(epoch)) this.#highestEpoch = Math.max(this.#highestEpoch, epoch);
  }
}
