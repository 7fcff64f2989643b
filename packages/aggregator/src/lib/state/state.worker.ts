import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { SlipstreamError } from "@slipstream/conventions";
import { QUESTDB } from "../questdb/definition.ts";
import { openQuestDbSink } from "../questdb/lazy.ts";
import type { QuestDbOptions } from "../questdb/options.ts";
import type { HistorySink } from "../sinks/history-sink.ts";
import type { FromState, StateQuery, StateSettings, ToState } from "./messages.ts";
import { openStateFile } from "./state-file.ts";
import { StateTables } from "./state-tables.ts";

/** While writes fail, how often they are tried again. */
const RETRY_MS = 500;
/** How long a close waits for writes that fail. */
const CLOSE_MS = 1_000;

/** How often is told how the remote history stands. */
const STATUS_MS = 1_000;
/** How long a close waits for the remote history. */
const REMOTE_CLOSE_MS = 3_000;
/** How often history is looked through for what is past its retention. */
const PRUNE_MS = 10_000;

const settings = workerData as StateSettings;
const core = open(settings);
let remote: HistorySink | undefined;
let scheduled = false;
let retry: NodeJS.Timeout | undefined;
let fault: string | undefined;

parentPort?.on("message", (message: ToState) => {
  if (core === undefined) return;
  if (message.type === "write") {
    core.add(message.write);
    drainSoon(core);
  } else if (message.type === "query") answer(core, message.id, message.query);
  else void close(core, performance.now() + CLOSE_MS);
});

if (core !== undefined) {
  setTimeout(prune, PRUNE_MS, core).unref();
  if (settings.questdb !== undefined) void openRemote(core, settings.questdb);
}

function open({ file, retention }: StateSettings): StateTables | undefined {
  try {
    const opened = new StateTables(openStateFile(file), retention);
    tell({ type: "opened" });
    return opened;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell({
      type: "refused",
      code: error instanceof SlipstreamError ? error.code : "state_unusable",
      message,
    });
    return undefined;
  }
}

/** QuestDB, filled from the history in this thread, so that what it costs is not taken from intake. */
async function openRemote(store: StateTables, questdb: QuestDbOptions): Promise<void> {
  try {
    const sink = await openQuestDbSink(questdb, {
      source: store.historySource(QUESTDB),
      onStateChange: (change) => tell({ type: "remoteState", change }),
    });
    remote = sink;
    setInterval(() => tell({ type: "remote", status: sink.status() }), STATUS_MS).unref();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tell({ type: "remoteState", change: { sink: QUESTDB, up: false, reason } });
  }
}

/** What came in one turn of the event loop shares a transaction; queries come between two of them. */
function drainSoon(store: StateTables): void {
  if (scheduled || retry !== undefined) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    drain(store);
    if (store.waiting > 0) drainSoon(store);
  });
}

function drain(store: StateTables): void {
  try {
    const count = store.drain();
    if (count > 0) tell({ type: "written", count });
    remote?.notify();
    setFault(undefined);
  } catch (error) {
    setFault(error instanceof Error ? error.message : String(error));
    retry ??= setTimeout(() => {
      retry = undefined;
      drainSoon(store);
    }, RETRY_MS);
  }
}

/** Live writes go first, so it waits where any do. */
function prune(store: StateTables): void {
  let more = false;
  try {
    more = store.waiting > 0 || store.prune();
  } catch {
    // The next write tells of what is wrong with the file.
  }
  setTimeout(prune, more ? 100 : PRUNE_MS, store).unref();
}

function setFault(reason: string | undefined): void {
  if (reason === fault) return;
  fault = reason;
  tell({ type: "fault", reason });
}

function answer(store: StateTables, id: number, { name, args }: StateQuery): void {
  try {
    const query = store.queries[name] as (...args: readonly unknown[]) => unknown;
    tell({ type: "answer", id, value: query(...args) });
  } catch (error) {
    const code = error instanceof SlipstreamError ? error.code : "store_unreadable";
    tell({ type: "failed", id, code, message: error instanceof Error ? error.message : String(error) });
  }
}

async function close(store: StateTables, deadlineMs: number): Promise<void> {
  drain(store);
  while (store.waiting > 0 && (fault === undefined || performance.now() < deadlineMs)) {
    await sleep(fault === undefined ? 0 : RETRY_MS / 5);
    drain(store);
  }
  clearTimeout(retry);
  await Promise.race([remote?.close(), sleep(REMOTE_CLOSE_MS, undefined, { ref: false })]);
  store.close();
  tell({ type: "closed" });
  parentPort?.close();
}

function tell(message: FromState): void {
  parentPort?.postMessage(message);
}
