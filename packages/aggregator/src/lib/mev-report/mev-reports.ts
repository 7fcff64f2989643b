import { SlipstreamError } from "@slipstream/conventions";
import type { Explanation } from "@slipstream/mev";
import { IN_MEMORY } from "../data-folder.ts";
import { type HistoryReader, historyOfDesk } from "../history/query.ts";
import type { None, ThreadContract } from "../threads/contract.ts";
import { SupervisedThread } from "../threads/supervised-thread.ts";
import type { MevAnswer, MevQuestion } from "./question.ts";

/** The reports' thread and its owner. */
export interface ReportThread extends ThreadContract {
  /** The data directory. */
  readonly settings: string;
  readonly opened: undefined;
  readonly questions: {
    readonly answer: (question: MevQuestion) => MevAnswer<MevQuestion>;
    /** See `explainTrade`. */
    readonly explain: (trade: string, desk: string) => Explanation;
  };
  readonly orders: None;
  readonly news: None;
}

/** The history of an aggregator that runs. */
export interface ReportHistory extends Pick<HistoryReader, "find"> {
  /** Resolves once what waits to be written is in the file, or after a while. Never rejects. */
  flush(): Promise<void>;
}

/** What a report has loaded is given back when the thread ends. */
const IDLE_MS = 5_000;
/** Thousands of rows are read at a time. */
const YOUNG_GENERATION_MB = 12;
/** A report takes seconds of a core, more on a busy machine. */
const HUNG_MS = 120_000;
/** Nobody waits for a report at the end. */
const CLOSE_MS = 500;

/**
 * Answers questions about MEV from the history, one at a time, in a thread that runs while there are any, so that nothing else
 * waits for them. A history in memory is read and computed with here: it is small, or a test's. What computes is loaded where it does.
 */
export class MevReports {
  readonly #history: ReportHistory;
  readonly #thread: SupervisedThread<ReportThread> | undefined;
  #before: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(dataDir: string, history: ReportHistory) {
    this.#history = history;
    if (dataDir === IN_MEMORY) return;
    this.#thread = new SupervisedThread<ReportThread>({
      module: "./mev-report.worker",
      from: import.meta.url,
      name: "slipstream-mev-report",
      youngGenerationMb: YOUNG_GENERATION_MB,
      settings: () => dataDir,
      news: {},
      onDemand: { idleMs: IDLE_MS },
      hungMs: HUNG_MS,
      closeMs: CLOSE_MS,
      unavailable: (reason, cause) =>
        new SlipstreamError("report_unavailable", `The report cannot be made: ${reason}.`, { cause }),
    });
  }

  /** Questions that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Rejects if the history cannot be read, or the thread ends before it answers. */
  ask<Question extends MevQuestion>(question: Question): Promise<MevAnswer<Question>> {
    return this.#inTurn(() => this.#answer(question));
  }

  /** Explains the verdict on a desk's trade from the history and the log. Rejects as `explainTrade` does. */
  explain(trade: string, desk: string): Promise<Explanation> {
    return this.#inTurn(async () => {
      if (this.#thread !== undefined) return this.#thread.ask("explain", trade, desk);
      const { explainTrade } = await import("../explain/explain-trade.ts");
      return explainTrade({ history: historyOfDesk(this.#history, desk) }, trade);
    });
  }

  #inTurn<T>(make: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const answer = this.#before.then(() => this.#history.flush()).then(make);
    this.#before = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer.finally(() => {
      this.#waiting -= 1;
    });
  }

  /** Ends the thread. What is not answered then fails. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  async #answer<Question extends MevQuestion>(question: Question): Promise<MevAnswer<Question>> {
    if (this.#thread === undefined) {
      const { answerMev } = await import("./question.ts");
      return answerMev(this.#history, question);
    }
    return (await this.#thread.ask("answer", question)) as MevAnswer<Question>;
  }
}
