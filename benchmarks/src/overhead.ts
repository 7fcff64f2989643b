import { medianWithInterval } from "./lib/estimate.ts";
import { type BenchmarkResult, type Comparison, type Figure, judge } from "./lib/result.ts";
import type { Done, Order, ReceiverReport, TraderKind } from "./overhead/messages.ts";
import { startReceiverProcess, startTrader, type Trader } from "./overhead/processes.ts";
import { SPANS_PER_TRADE } from "./overhead/workload.ts";

const PER_SECOND = 100;
const GOAL_PERCENT = 1;
const kinds: readonly TraderKind[] = ["none", "slipstream", "stock"];

type Runs = Readonly<Record<TraderKind, Done[]>>;

/** What telemetry costs a service that makes 100 trades a second: processes that do the same work, in turn. */
export async function overheadBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const rounds = quick ? 4 : 16;
  const seconds = quick ? 2 : 3;
  const receiver = await startReceiverProcess();
  const traders = await Promise.all(kinds.map((kind) => startTrader(kind, receiver.url)));
  try {
    // Until the compiler has seen everything; a service runs for days, not for seconds.
    await Promise.all(traders.map((trader) => trader.run(order(0, quick ? 3 : 20))));
    const runs = await inTurn(traders, rounds, seconds);
    return result(runs, seconds, await receiver.report());
  } finally {
    await Promise.all(traders.map((trader) => trader.close()));
    await receiver.close();
  }
}

async function inTurn(traders: readonly Trader[], rounds: number, seconds: number): Promise<Runs> {
  const runs: Runs = { none: [], slipstream: [], stock: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < traders.length; i += 1) {
      const index = (i + round) % traders.length;
      const done = await traders[index]?.run(order(round, seconds));
      const kind = kinds[index];
      if (done !== undefined && kind !== undefined) runs[kind].push(done);
    }
  }
  return runs;
}

function order(seed: number, seconds: number): Order {
  return { seed, seconds, perSecond: PER_SECOND };
}

function result(runs: Runs, seconds: number, { requests, bytes }: ReceiverReport): BenchmarkResult {
  return {
    name: "overhead",
    title: `A service at ${PER_SECOND} trades/s, ${SPANS_PER_TRADE} spans each: CPU of the process in percent of one core`,
    comparisons: [
      comparison(runs, "none", "without"),
      comparison(runs, "stock", "with stock OpenTelemetry, spans only"),
    ],
    figures: [
      ...added(runs, "slipstream", "telemetry"),
      ...added(runs, "stock", "stock OpenTelemetry").slice(0, 1),
    ],
    notes: [
      `${runs.none.length} rounds of ${seconds} s each way; user and system time, all threads.`,
      "Calls are waits of random length and the parsing of their answers. Where the cores are shared, waking up is most of what the service costs without telemetry, and what telemetry costs is mostly memory that others have driven out of the caches.",
      `Both instrumented ones sent OTLP/HTTP protobuf to a receiver in another process: ${requests} requests, ${bytes} bytes in all. Each round ends with a flush, so that nothing of its cost falls outside.`,
    ],
  };
}

function comparison(runs: Runs, kind: TraderKind, theirs: string): Comparison {
  const ours = runs.slipstream.map(percentOfCore);
  const others = runs[kind].map(percentOfCore);
  return {
    ours: "with telemetry",
    theirs,
    unit: "%",
    ourTime: medianWithInterval(ours),
    theirTime: medianWithInterval(others),
    ratio: medianWithInterval(ours.map((percent, i) => percent / (others[i] ?? Number.NaN))),
  };
}

/** What `kind` costs more than nothing, of the same round. */
function added(runs: Runs, kind: TraderKind, name: string): Figure[] {
  const pairs = runs[kind].flatMap((done, i) => {
    const without = runs.none[i];
    return without === undefined ? [] : [{ done, without }];
  });
  const percent = medianWithInterval(
    pairs.map(({ done, without }) => percentOfCore(done) - percentOfCore(without)),
  );
  const perSpan = pairs.map(
    ({ done, without }) => ((done.cpuMs - without.cpuMs) * 1_000) / done.trades / SPANS_PER_TRADE,
  );
  return [
    { name: `${name} adds`, unit: "% of one core", estimate: percent, goal: judge(percent, GOAL_PERCENT) },
    { name: "that is", unit: "us of CPU a span", estimate: medianWithInterval(perSpan) },
  ];
}

function percentOfCore({ cpuMs, wallMs }: Done): number {
  return (100 * cpuMs) / wallMs;
}
