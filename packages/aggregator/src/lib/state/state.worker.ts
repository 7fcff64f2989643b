import { setTimeout as sleep } from "node:timers/promises";
import { lazySender } from "../alerts/http/lazy-sender.ts";
import type { MissingRows } from "../history/missing-rows.ts";
import { DisplacedError, KnownFiles, knownFile } from "../log/known-files.ts";
import { QUESTDB } from "../questdb/definition.ts";
import { openQuestDbSink } from "../questdb/lazy.ts";
import type { QuestDbOptions } from "../questdb/options.ts";
import type { HistorySink } from "../sinks/history-sink.ts";
import { TRACES, type TracesTarget } from "../sinks/verdict-spans/options.ts";
import type { VerdictSink } from "../sinks/verdict-spans/verdict-sink.ts";
import { type Served, serveThread, type Tell } from "../threads/serve-thread.ts";
import type { Lease, Writer } from "../writer/writer.ts";
import type { StateThread } from "./messages.ts";
import { openStateFile, orUnusable } from "./state-file.ts";
import { StateTables } from "./state-tables.ts";

/** How often failed writes are retried. */
const RETRY_MS = 500;
/** How long after a write it is checked that the file is where it was opened, and how often from then on. */
const CHECK_MS = 900;
/** How long `end` goes on retrying them. */
const END_MS = 1_000;
/** How often the status of a sink is sent. */
const STATUS_MS = 1_000;
/** How long `end` waits for the sinks. */
const REMOTE_END_MS = 3_000;
/** How often the history is searched for rows past their retention, and tidied. */
const TIDY_MS = 10_000;

void serveThread<StateThread>((settings, tell) => {
  const work = new StateWork(open(settings, tell), filesOf(settings), settings.writer, tell);
  if (settings.questdb !== undefined) void work.fillQuestDb(settings.questdb, settings);
  if (settings.traces !== undefined) void work.sendVerdicts(settings.traces);
  return work.served();
});

function open(
  { file, parts, retention, writer }: StateThread["settings"],
  tell: Tell<StateThread>,
): StateTables {
  return orUnusable(file, () => {
    const onDamaged = (sink: string, missing: MissingRows): void => tell("damaged", sink, missing);
    const tables = new StateTables(openStateFile(file), parts, { retention, onDamaged });
    tables.nameOwnDesk(writer.desk);
    return tables;
  });
}

/** The file stays where it was opened. One in memory is in no place. */
function filesOf({ file }: StateThread["settings"]): KnownFiles {
  return new KnownFiles(file === ":memory:" ? [] : [knownFile(file)]);
}

/** Carries out what the owner sends: writes in order, many to a transaction, and queries between two transactions. */
class StateWork {
  readonly #tables: StateTables;
  readonly #files: KnownFiles;
  readonly #checking: NodeJS.Timeout;
  readonly #writer: Writer;
  readonly #tell: Tell<StateThread>;
  /** Called when their writes are carried out, in the order of the writes. */
  readonly #done: (() => void)[] = [];
  #remote: HistorySink | undefined;
  #verdicts: VerdictSink | undefined;
  #sendsVerdicts = false;
  #scheduled = false;
  #retry: NodeJS.Timeout | undefined;
  #fault: string | undefined;
  #redisWriter: Lease | undefined;

  constructor(tables: StateTables, files: KnownFiles, writer: Writer, tell: Tell<StateThread>) {
    this.#tables = tables;
    this.#files = files;
    this.#writer = writer;
    this.#checking = setInterval(() => this.#drainSoon(), CHECK_MS).unref();
    this.#tell = tell;
    setTimeout(() => this.#tidy(), TIDY_MS).unref();
  }

  served(): Served<StateThread> {
    return {
      opened: undefined,
      questions: {
        write: (write) =>
          new Promise((resolve) => {
            this.#tables.add(write);
            this.#done.push(resolve);
            this.#drainSoon();
          }),
        ...this.#tables.queries,
        history: (query) => {
          // What was handed over before is to be in the answer.
          this.#drainAll();
          return this.#tables.queries.history(query);
        },
      },
      orders: {
        redisWriter: (lease) => {
          this.#redisWriter = lease;
        },
        sendVerdicts: (traces) => void this.sendVerdicts(traces),
      },
      end: () => this.#end(performance.now() + END_MS),
    };
  }

  /** QuestDB is filled from the history in this thread, so that intake does not pay for it. */
  async fillQuestDb(
    questdb: QuestDbOptions,
    { redisWriter }: Pick<StateThread["settings"], "redisWriter">,
  ): Promise<void> {
    this.#redisWriter = redisWriter;
    try {
      const sink = await openQuestDbSink(questdb, {
        source: this.#tables.historySource(QUESTDB),
        onStateChange: (change) => this.#tell("remoteState", change),
        writer: this.#writer,
        onLease: (state) => this.#tell("remoteLease", state),
        redisWriter: () => this.#redisWriter,
      });
      this.#remote = sink;
      setInterval(() => this.#tell("remote", sink.status()), STATUS_MS).unref();
    } catch (error) {
      this.#tell("remoteState", { sink: QUESTDB, up: false, reason: reasonOf(error) });
    }
  }

  /** Final verdicts are read from the history too, and sent from here. */
  async sendVerdicts(target: TracesTarget): Promise<void> {
    if (this.#sendsVerdicts) return;
    this.#sendsVerdicts = true;
    // What the log held already is written: a sink that is new begins behind it.
    this.#drainAll();
    try {
      const source = this.#tables.finalVerdicts(TRACES);
      // Loaded only where it is used, with an HTTP client.
      const { VerdictSink } = await import("../sinks/verdict-spans/verdict-sink.ts");
      const sink = new VerdictSink({
        source,
        target,
        from: this.#writer,
        http: lazySender(),
        onStateChange: (change) => this.#tell("remoteState", change),
      });
      this.#verdicts = sink;
      setInterval(() => this.#tell("verdicts", sink.status()), STATUS_MS).unref();
    } catch (error) {
      this.#tell("remoteState", { sink: TRACES, up: false, reason: reasonOf(error) });
    }
  }

  /** What came in one turn of the event loop shares a transaction. */
  #drainSoon(): void {
    if (this.#scheduled || this.#retry !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
      if (this.#tables.waiting > 0) this.#drainSoon();
    });
  }

  #drain(): void {
    try {
      this.#files.check();
      this.#checking.refresh();
      const count = this.#tables.drain();
      for (const done of this.#done.splice(0, count)) done();
      if (count > 0) this.#remote?.notify();
      this.#setFault(undefined, false);
    } catch (error) {
      this.#setFault(reasonOf(error), error instanceof DisplacedError);
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#drainSoon();
      }, RETRY_MS);
    }
  }

  /** As far as it can be written. */
  #drainAll(): void {
    let left = Number.POSITIVE_INFINITY;
    while (this.#retry === undefined && this.#tables.waiting > 0 && this.#tables.waiting < left) {
      left = this.#tables.waiting;
      this.#drain();
    }
  }

  /** Live writes go first, so it waits if there are any. */
  #tidy(): void {
    let more = false;
    try {
      more = this.#tables.waiting > 0 || this.#tables.tidy();
    } catch {
      // The next write reports what is wrong with the file.
    }
    setTimeout(() => this.#tidy(), more ? 100 : TIDY_MS).unref();
  }

  #setFault(reason: string | undefined, displaced: boolean): void {
    if (reason === this.#fault) return;
    this.#fault = reason;
    this.#tell("fault", reason, displaced);
  }

  async #end(deadlineMs: number): Promise<void> {
    this.#drain();
    while (this.#tables.waiting > 0 && (this.#fault === undefined || performance.now() < deadlineMs)) {
      await sleep(this.#fault === undefined ? 0 : RETRY_MS / 5);
      this.#drain();
    }
    clearTimeout(this.#retry);
    const sinks = Promise.all([this.#remote?.close(), this.#verdicts?.close()]);
    await Promise.race([sinks, sleep(REMOTE_END_MS, undefined, { ref: false })]);
    this.#tables.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
