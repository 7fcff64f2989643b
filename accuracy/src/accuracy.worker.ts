import { parentPort, workerData } from "node:worker_threads";
import { measureTask, type Task, type TaskAnswer } from "./tasks.ts";
import type { ThreadMessage } from "./threads/threads.ts";

/** Progress is told in steps of this share. */
const STEP = 0.002;

/** Measures one task, and ends. */
let told = 0;
const send = (message: ThreadMessage<TaskAnswer>): void => parentPort?.postMessage(message);
const answer = measureTask(workerData as Task, (done) => {
  if (done < told + STEP) return;
  told = done;
  send({ done });
});
send({ answer });
