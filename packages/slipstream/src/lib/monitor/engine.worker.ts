import { parentPort, workerData } from "node:worker_threads";
import type { Publication } from "@slipstream/aggregator";
import { LocalEngine } from "./local-engine.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";

/** Answers are at least so far apart, so that a busy desk does not pay for statistics that nobody reads. */
const ANSWER_MS = 100;
const TICK_MS = 1_000;

const engine = new LocalEngine(workerData as WorkerSettings);
let publications: Publication[] = [];
let applied = 0;
let answering = false;

parentPort?.on("message", (message: ToWorker) => {
  publications.push(...engine.apply(message, Date.now()));
  applied += 1;
  answerSoon();
});

setInterval(() => {
  publications.push(...engine.tick(Date.now()));
  answerSoon();
}, TICK_MS);
answerSoon();

function answerSoon(): void {
  if (answering) return;
  answering = true;
  setTimeout(() => {
    answering = false;
    const answer: FromWorker = { current: engine.current(), publications, applied };
    publications = [];
    applied = 0;
    parentPort?.postMessage(answer);
  }, ANSWER_MS);
}
