import { SlipstreamError } from "@slipstream/conventions";
import { moving } from "../threads/contract.ts";
import { type Served, serveThread, type Tell } from "../threads/serve-thread.ts";
import { describeFault, isDiskFull, unavailable } from "./errors.ts";
import { LogCore } from "./log-core.ts";
import { type Appended, type LogState, type LogThread, received, type SentRecord } from "./messages.ts";
import type { StoredRecord } from "./stored.ts";

interface Pending {
  readonly records: readonly SentRecord[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** Free space that must be there before a "disk full" is over: less would be used up at once. */
const PROBE_BYTES = 8 * 1024 * 1024;
/** How long after an append it is checked that the files are where they were opened, and how often from then on. */
const CHECK_MS = 900;

void serveThread<LogThread>((settings, tell) => serve(open(settings), new Uint8Array(settings.ring), tell));

function open(settings: LogThread["settings"]): LogCore {
  try {
    return new LogCore(settings);
  } catch (error) {
    if (error instanceof SlipstreamError) throw error;
    throw new SlipstreamError("log_unusable", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function serve(core: LogCore, ring: Uint8Array, tell: Tell<LogThread>): Served<LogThread> {
  let pending: Pending[] = [];
  let wantedBytes = 0;
  let sealing: NodeJS.Immediate | undefined;
  const state = (): LogState => ({ position: core.position, segments: core.segments() });

  const commit = (): void => {
    const groups = pending;
    pending = [];
    try {
      let first = core.append(
        groups.flatMap(({ records }) => records.map((record) => received(record, ring))),
      );
      // An append checks it too.
      checking.refresh();
      const active = core.active();
      for (const { records, resolve } of groups) {
        resolve({ first, active });
        first += records.length;
      }
      wantedBytes = 0;
    } catch (error) {
      wantedBytes = isDiskFull(error) ? PROBE_BYTES : 0;
      tell("state", state());
      for (const { reject } of groups) reject(unavailable(describeFault(error), error));
    }
  };

  /** Once the answers are sent, for it takes a while. */
  const seal = (): void => {
    sealing = undefined;
    if (core.seal()) tell("state", state());
  };

  const checking = setInterval(() => {
    try {
      core.checkFiles();
    } catch (error) {
      tell("fault", unavailable(describeFault(error), error).message);
    }
  }, CHECK_MS);

  return {
    opened: { state: state(), salvaged: core.salvaged },
    questions: {
      append: (records) => new Promise((resolve, reject) => pending.push({ records, resolve, reject })),
      probe() {
        try {
          core.probe(wantedBytes);
        } catch (error) {
          throw unavailable(describeFault(error), error);
        }
      },
      page(after, last) {
        const records = core.page(after, last);
        return moving(records, memoryOf(records));
      },
      dropThrough(position) {
        core.dropThrough(position);
        return state();
      },
    },
    // Everything that is to be appended by now shares one transaction.
    turn() {
      if (pending.length > 0) commit();
      if (core.canSeal) sealing ??= setImmediate(seal);
    },
    end() {
      clearInterval(checking);
      clearImmediate(sealing);
      core.close();
    },
  };
}

/** What a message takes along and need not copy. */
function memoryOf(records: readonly StoredRecord[]): readonly ArrayBuffer[] {
  return records.flatMap(({ body }) =>
    body.byteLength > 0 && body.buffer instanceof ArrayBuffer ? [body.buffer] : [],
  );
}
