import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { SlipstreamError } from "@slipstream/conventions";
import { describeFault, isDiskFull } from "./errors.ts";
import type { LogRecord } from "./log.ts";
import { LogCore } from "./log-core.ts";
import {
  type FromLog,
  type LogState,
  type LogThreadSettings,
  received,
  type SentRecord,
  type ToLog,
} from "./messages.ts";

const settings: LogThreadSettings = workerData;
const port = portToOwner();

const ring = new Uint8Array(settings.ring);
/** Free space at least that ends a "disk full": less would be used up at once. */
const PROBE_BYTES = 8 * 1024 * 1024;
let wantedBytes = 0;

const send = (message: FromLog, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);
const open = (): LogCore | undefined => {
  try {
    return new LogCore(settings);
  } catch (error) {
    send({ type: "failed", ...plain(error) });
    port.close();
    return undefined;
  }
};
const log = open();
if (log !== undefined) run(log);

function run(core: LogCore): void {
  const state = (): LogState => ({ position: core.position, segments: core.segments() });

  const commit = (records: readonly SentRecord[]): void => {
    try {
      const first = core.append(records.map((record) => received(record, ring)));
      send({ type: "committed", first, count: records.length, active: core.active() });
      wantedBytes = 0;
    } catch (error) {
      wantedBytes = isDiskFull(error) ? PROBE_BYTES : 0;
      send({ type: "refused", count: records.length, reason: describeFault(error), state: state() });
    }
  };

  const probe = (): void => {
    try {
      core.probe(wantedBytes);
      send({ type: "probed", reason: undefined });
    } catch (error) {
      send({ type: "probed", reason: describeFault(error) });
    }
  };

  const attempt = (id: number, work: () => void): void => {
    try {
      work();
    } catch (error) {
      send({ type: "error", id, ...plain(error) });
    }
  };

  const handle = (message: ToLog): void => {
    if (message.type === "append") commit(message.records);
    else if (message.type === "probe") probe();
    else if (message.type === "page") {
      const { id, after, last } = message;
      attempt(id, () => {
        const records = core.page(after, last);
        send({ type: "page", id, records }, memoryOf(records));
      });
    } else if (message.type === "drop") {
      const { id, position } = message;
      attempt(id, () => {
        core.dropThrough(position);
        send({ type: "state", id, state: state() });
      });
    } else {
      core.close();
      send({ type: "closed" });
      port.close();
    }
  };

  /** Everything that has come in; what is to be appended shares one transaction. */
  port.on("message", (oldest: ToLog) => {
    let records: SentRecord[] = [];
    const others: ToLog[] = [];
    for (let message: ToLog | undefined = oldest; message !== undefined; message = next()) {
      if (message.type === "append")
        records = records.length === 0 ? [...message.records] : records.concat(message.records);
      else others.push(message);
    }
    if (records.length > 0) commit(records);
    for (const message of others) handle(message);
    if (others.at(-1)?.type !== "close" && core.seal()) send({ type: "state", state: state() });
  });

  send({ type: "opened", state: state(), salvaged: core.salvaged });
}

function next(): ToLog | undefined {
  return receiveMessageOnPort(port)?.message;
}

function portToOwner(): MessagePort {
  if (parentPort === null) throw new Error("This runs as a worker thread.");
  return parentPort;
}

/** What a message takes along and need not copy. */
function memoryOf(records: readonly LogRecord[]): readonly ArrayBuffer[] {
  return records.flatMap(({ body }) =>
    body.byteLength > 0 && body.buffer instanceof ArrayBuffer ? [body.buffer] : [],
  );
}

function plain(error: unknown): { code: string; message: string; field: string | undefined } {
  const { code, field } =
    error instanceof SlipstreamError ? error : { code: "log_unusable", field: undefined };
  return { code, field, message: error instanceof Error ? error.message : String(error) };
}
