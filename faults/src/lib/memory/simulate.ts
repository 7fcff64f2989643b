import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { BEGINNING, StateStore } from "@slipstream/aggregator";
import { UnkeptLog } from "@slipstream/aggregator/pipeline";
import { Engine, type EngineRecord } from "@slipstream/engine";
import { encodePrometheus } from "@slipstream/exposition";
import { decodeMetrics, decodeTraces } from "@slipstream/otlp/decode";
import { ChainTraffic } from "./chain-traffic.ts";
import type { Sample } from "./judge.ts";
import { type Request, Traffic } from "./traffic.ts";

export interface MemoryOptions {
  readonly hours: number;
  readonly warmUpHours: number;
  readonly tradesPerSecond: number;
  /** Trades a second on a chain that is watched, beside those. */
  readonly chainTradesPerSecond: number;
  /** Bytes that the simulation itself forgets to free each simulated second, to see that they are found. */
  readonly leakBytes: number;
  /** Folder of the embedded stores. */
  readonly folder: string;
  /** Told of each sample, those of the warm-up among them. */
  readonly onSample: (sample: Sample) => void;
}

const SAMPLES_PER_HOUR = 20;
/** Process instances until every table of processes is full. */
const INSTANCES = 5_000;
const MIB = 2 ** 20;
/** Simulated seconds between two checkpoints. */
const SAVE_SECONDS = 30;

/** Runs hours of traffic through the engine and the embedded store as fast as it goes. @returns what follows the warm-up */
export async function simulate(options: MemoryOptions): Promise<readonly Sample[]> {
  const { hours, warmUpHours, tradesPerSecond, chainTradesPerSecond, leakBytes, folder, onSample } = options;
  const startMs = Date.UTC(2026, 0, 1);
  let nowMs = startMs;
  // Full at the end of the warm-up; at the default size it is filled, 8 bytes a span, for the first day.
  const dedupeSpans = Math.ceil((tradesPerSecond + chainTradesPerSecond) * warmUpHours * 3_600 * 0.75);
  // So is the window of MEV, by default a day: its panes are what would still become more.
  const mevWindowSeconds = 5 * Math.floor((warmUpHours * 3_600) / 10);
  const engine = new Engine(
    { capitalUsd: 1e6, dedupeSpans, mevWindowSeconds },
    { trackSeen: true, history: true },
  );
  const store = await StateStore.open({
    file: join(folder, "state.sqlite"),
    now: () => nowMs,
    watermark: () => engine.watermarkMs,
  });
  const traffic = new Traffic({ startMs, tradesPerSecond, instancesPerHour: INSTANCES / warmUpHours });
  const chain = new ChainTraffic({ startMs, tradesPerSecond: chainTradesPerSecond });
  const forgotten: Uint8Array[] = [];
  const samples: Sample[] = [];

  const log = new UnkeptLog();
  let position = BEGINNING;
  const apply = async (batch: EngineRecord["batch"]): Promise<void> => {
    const { publications, rows } = engine.apply({ receivedMs: nowMs, batch });
    store.publish(publications, rows);
    position = log.append();
    await store.settled();
  };
  for (let second = 0; second < (warmUpHours + hours) * 3_600; second += 1) {
    nowMs = startMs + second * 1_000 + 1_500;
    for (const request of traffic.second(second)) await apply(decode(request));
    if (chainTradesPerSecond > 0) {
      await apply(decodeTraces(chain.trades(second), "protobuf"));
      for (const told of chain.chain(second)) await apply(told);
    }
    await apply({ kind: "tick" });
    if (leakBytes > 0) forgotten.push(new Uint8Array(leakBytes));
    if (second % SAVE_SECONDS === 0) {
      await store.checkpoint({ position, state: engine.save(), seen: engine.takeSeen() });
      await store.keep([position], BEGINNING);
      // Lets go of what only this turn holds.
      await turn();
    }
    if (second % (3_600 / SAMPLES_PER_HOUR) !== 0 || second === 0) continue;
    JSON.stringify(engine.current());
    encodePrometheus(engine.collect());
    const sample = await measure(second / 3_600);
    onSample(sample);
    if (sample.hours >= warmUpHours) samples.push(sample);
  }
  await store.close();
  return samples;
}

function decode({ kind, body }: Request): EngineRecord["batch"] {
  return kind === "metrics" ? decodeMetrics(body, "protobuf") : decodeTraces(body, "protobuf");
}

async function measure(hours: number): Promise<Sample> {
  if (globalThis.gc === undefined) throw new Error("Run it with node --expose-gc.");
  // Array buffers are freed behind a collection's back; the next one waits for it.
  for (let i = 0; i < 2; i += 1) {
    globalThis.gc();
    await turn();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { hours, heapMiB: (heapUsed + arrayBuffers) / MIB, rssMiB: rss / MIB };
}
