import { IN_MEMORY } from "../data-folder.ts";
import type { HistoryReader } from "../history/query.ts";
import { startThread } from "../start-thread.ts";
import { answerMev, type MevAnswer, type MevQuestion } from "./question.ts";

/**
 * Answers questions about MEV from the history, one at a time, each in a thread of its own so that nothing else waits for it. A
 * history in memory is read and computed with here: it is small, or a test's.
 */
export class MevReports {
  readonly #dataDir: string;
  readonly #history: Pick<HistoryReader, "rows">;
  #before: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(dataDir: string, history: Pick<HistoryReader, "rows">) {
    this.#dataDir = dataDir;
    this.#history = history;
  }

  /** Questions that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Rejects where the history cannot be read. */
  ask<Question extends MevQuestion>(question: Question): Promise<MevAnswer<Question>> {
    this.#waiting += 1;
    const answer = this.#before.then(() => this.#answer(question));
    this.#before = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer.finally(() => {
      this.#waiting -= 1;
    });
  }

  #answer<Question extends MevQuestion>(question: Question): Promise<MevAnswer<Question>> {
    if (this.#dataDir === IN_MEMORY) return answerMev(this.#history, question);
    return new Promise((resolve, reject) => {
      const worker = startThread({
        module: "./mev-report.worker",
        from: import.meta.url,
        name: "slipstream-mev-report",
        workerData: { dataDir: this.#dataDir, question },
      });
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the report's thread ended without an answer")));
    });
  }
}
