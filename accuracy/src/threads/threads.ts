import { Worker } from "node:worker_threads";

/** A piece of work for a thread of its own. */
export interface ThreadTask {
  /** For people: "the world of seed 7". */
  readonly name: string;
  /** What it costs beside the others, in any unit. */
  readonly cost: number;
  /** What the thread is given. */
  readonly data: unknown;
}

/** What a thread sends: how much of its work is done, a share, or its answer. */
export type ThreadMessage<Answer> = { readonly done: number } | { readonly answer: Answer };

export interface ThreadsOptions {
  /** What a thread runs: it reads `workerData`, sends messages, the answer last, and ends. */
  readonly module: URL;
  /** Threads at once. */
  readonly jobs: number;
  /** Called whenever a thread tells how far it is. */
  readonly progress?: (progress: Progress) => void;
}

export interface Progress {
  /** Share of all the work that is done. */
  readonly done: number;
  /** Names of the tasks that are at work. */
  readonly running: readonly string[];
}

/** Of a thread: a world of a million trades needs less than half of it. */
const MOST_HEAP_MB = 6144;

/** A thread ended without its answer. */
function unmeasured(task: string, why: string, cause?: unknown): Error {
  return new Error(`${task} was not measured: ${why}. Nothing was written; run the command again`, { cause });
}

/**
 * Runs tasks in threads, the costliest first.
 * @returns Answers in the order of the tasks, whatever the number of threads.
 * @throws Error if a thread fails or ends without an answer; the others are ended then.
 */
export async function runInThreads<Answer>(
  tasks: readonly ThreadTask[],
  { module, jobs, progress }: ThreadsOptions,
): Promise<Answer[]> {
  const answers = new Map<ThreadTask, Answer>();
  const shares = new Map<ThreadTask, number>();
  const running = new Map<ThreadTask, Worker>();
  const waiting = [...tasks].sort((a, b) => b.cost - a.cost);
  const all = tasks.reduce((sum, { cost }) => sum + cost, 0);
  const tell = (task: ThreadTask, share: number): void => {
    shares.set(task, share);
    const done = tasks.reduce((sum, one) => sum + one.cost * (shares.get(one) ?? 0), 0) / all;
    progress?.({ done, running: [...running.keys()].map(({ name }) => name) });
  };
  const one = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const { data } = task;
      const worker = new Worker(module, {
        workerData: data,
        execArgv: [...process.execArgv],
        resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
      });
      running.set(task, worker);
      const share = (done: number): void => tell(task, done);
      answers.set(task, await answerOf<Answer>(worker, task.name, share));
      running.delete(task);
      tell(task, 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, jobs) }, one));
  } finally {
    waiting.length = 0;
    await Promise.all([...running.values()].map((worker) => worker.terminate()));
  }
  return tasks.flatMap((task) => answers.get(task) ?? []);
}

function answerOf<Answer>(worker: Worker, name: string, tell: (share: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: ThreadMessage<Answer>) => {
      if ("done" in message) tell(message.done);
      else resolve(message.answer);
    });
    worker.once("error", (cause: Error) => reject(unmeasured(name, cause.message, cause)));
    worker.once("exit", (code) =>
      reject(unmeasured(name, `its thread ended with code ${code} before its answer`)),
    );
  });
}
