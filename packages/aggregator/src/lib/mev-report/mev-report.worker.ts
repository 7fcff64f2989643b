import { parentPort, workerData } from "node:worker_threads";
import { openEmbeddedReader } from "../history/embedded-reader.ts";
import { answerMev, type MevQuestion } from "./question.ts";

/** Answers one question from a data directory, and ends. */
const { dataDir, question } = workerData as { readonly dataDir: string; readonly question: MevQuestion };
const reader = openEmbeddedReader(dataDir);
try {
  parentPort?.postMessage(await answerMev(reader, question));
} finally {
  await reader.close();
}
