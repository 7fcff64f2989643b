import { workerData } from "node:worker_threads";

/** Ends, or fails, without an answer: a thread that was interrupted. */
if (workerData === "fail") throw new Error("out of luck");
process.exit(3);
