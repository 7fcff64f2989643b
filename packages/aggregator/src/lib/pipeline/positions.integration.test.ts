import { join } from "node:path";
import { Desks, type EngineConfig } from "@slipstream/engine";
import { START_MS } from "@slipstream/testing/engine/spans";
import { testFolder } from "@slipstream/testing/folders";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BEGINNING, isAfter, parsePosition, positionOf, printPosition } from "../log/position.ts";
import { newRecord } from "../log/records/record-kind.ts";
import { tick } from "../log/records/tick.ts";
import { traces } from "../log/records/traces.ts";
import { createSparseLog, type SparseLog } from "../log/testing/sparse-log.ts";
import { silentLogger } from "../logger.ts";
import { checkpointsToReplay } from "../state/checkpoint.ts";
import { StateStore } from "../state/state-store.ts";
import { Checkpointer } from "./checkpointer.ts";
import { createJournal, type Journal } from "./journal.ts";
import { LogPipeline } from "./log-pipeline.ts";
import { catchUp, commitChangedOptions, resumeDesks } from "./recovery.ts";
import { storeIn } from "./stages.ts";

const options: EngineConfig = { capitalUsd: 1_000 };

test("a position is printed and parsed, and nothing else is one", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      expect(parsePosition(printPosition(positionOf(a)))).toEqual(positionOf(a));
      expect(isAfter(positionOf(a), positionOf(b))).toBe(a > b);
    }),
  );
  for (const text of ["", "-1", "1.5", "1e3", "x", "9007199254740993"])
    expect(() => parsePosition(text)).toThrow("not a position");
});

interface Running {
  readonly desks: Desks;
  readonly journal: Journal;
  readonly store: StateStore;
  close(): Promise<void>;
}

/** An aggregator's line on the log, with a checkpoint every few records and a log that forgets what they cover. */
async function start(log: SparseLog, file: string): Promise<Running> {
  const now = (): number => START_MS;
  const store = await StateStore.open({ file, now, watermark: () => undefined });
  const { desks, position } = await resumeDesks({ log, store, options, logger: silentLogger });
  const checkpointer = new Checkpointer(
    {
      desks,
      store,
      log,
      // A record counts as a byte.
      retention: { maxBytes: 8, maxAgeMs: Number.POSITIVE_INFINITY },
      logger: silentLogger,
      now,
      everyItems: 5,
    },
    position,
  );
  const pipeline = new LogPipeline({ engine: desks, stages: [storeIn(store), checkpointer.stage] });
  await catchUp({ log, after: position, pipeline, settled: () => store.settled(), logger: silentLogger });
  const onError = (error: unknown): void => expect(error).toBeUndefined();
  const journal = createJournal({ log, pipeline, onError });
  await commitChangedOptions({ journal, log, desks, options, now });
  return {
    desks,
    journal,
    store,
    close: async () => {
      await checkpointer.close();
      await store.close();
    },
  };
}

let ids = 0;

/** An OTLP request with a trade. */
function request(second: number) {
  const timeMs = START_MS + second * 1_000;
  const id = (++ids).toString(16);
  const span = {
    traceId: id.padStart(32, "0"),
    spanId: id.padStart(16, "0"),
    name: "trade.execute",
    startTimeUnixNano: `${timeMs - 40}000000`,
    endTimeUnixNano: `${timeMs}000000`,
    attributes: [{ key: "trade.pnl_usd", value: { doubleValue: 1 } }],
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  const body = Buffer.from(
    JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  );
  return newRecord(traces, timeMs, { format: "json", compression: "none", body });
}

const step = fc.constantFrom("take", "take", "take", "refuse", "lie", "restart");

test("wherever positions lie: nothing is lost and nothing counted twice over failures, checkpoints, restarts and retention", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
      fc.array(step, { minLength: 20, maxLength: 50 }),
      async (gaps, steps) => {
        const log = createSparseLog(gaps);
        const file = join(testFolder(), "state.sqlite");
        let running = await start(log, file);
        // As the aggregator's clock does. An engine that has seen only its options does not save since when it counts.
        await running.journal.commit(newRecord(tick, START_MS, undefined));
        for (const [second, what] of steps.entries()) {
          if (what === "restart") {
            await running.close();
            running = await start(log, file);
            continue;
          }
          log.failing.push(what);
          const result = await running.journal.commit(request(second)).catch(() => undefined);
          expect(result === undefined).toBe(what !== "take");
        }
        await running.journal.commit(newRecord(tick, START_MS + 60_000, undefined));
        const whole = new Desks(options);
        const pipeline = new LogPipeline({ engine: whole });
        for (const record of log.everything) pipeline.take(record);
        expect(running.desks.own.current()).toEqual(whole.own.current());
        await running.close();
        if (isAfter(log.droppedThrough, BEGINNING)) {
          const store = await StateStore.open({ file, now: Date.now, watermark: () => undefined });
          expect(checkpointsToReplay(await store.knownCheckpoints(), log.droppedThrough)).not.toEqual([]);
          await store.close();
        }
      },
    ),
    { numRuns: 3 },
  );
});
