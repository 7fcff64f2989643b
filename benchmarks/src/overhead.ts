import { addedTo, ratioOfAdded } from "./lib/added.ts";
import { medianWithInterval } from "./lib/estimate.ts";
import { loadNow } from "./lib/machine.ts";
import { type BenchmarkResult, type Comparison, type Estimate, type Figure, judge } from "./lib/result.ts";
import { rotated } from "./lib/rotated.ts";
import type { Done, Order, ReceiverReport, TraderKind } from "./overhead/messages.ts";
import { startReceiverProcess, startTrader, type Trader } from "./overhead/processes.ts";
import { SPANS_PER_TRADE } from "./overhead/workload.ts";

const PER_SECOND = 100;
const BACK_TO_BACK = 1_000;
const MIB = 2 ** 20;
/** In percent of one core, but for the ratio and the memory. */
const GOAL = { ratio: 0.35, added: 2, aboveFloor: 1.2, monitor: 2.5, monitorMiB: 30 } as const;
const kinds = ["none", "floor", "slipstream", "stock", "monitor"] as const satisfies readonly TraderKind[];

/** For each kind a value for each round: of one process, which differs from round to round. */
type Runs = Readonly<Record<TraderKind, Done[]>>;

/**
 * What telemetry costs a service that makes 100 trades a second: processes that do the same work, in turn. There are
 * several of each kind, because how a process lies in memory and what its compiler has done lasts as long as it does.
 */
export async function overheadBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const rounds = quick ? 4 : 18;
  const seconds = quick ? 2 : 3;
  const processes = quick ? 1 : 3;
  const loadBefore = loadNow();
  const receiver = await startReceiverProcess();
  const traders: Record<TraderKind, Trader[]> = {
    none: [],
    floor: [],
    slipstream: [],
    stock: [],
    monitor: [],
  };
  try {
    for (const kind of kinds) {
      for (let i = 0; i < processes; i += 1) traders[kind].push(await startTrader(kind, receiver.url));
    }
    // Until the compiler has seen everything; a service runs for days, not for seconds.
    for (const kind of kinds) {
      await Promise.all(traders[kind].map((trader) => trader.run({ trades: quick ? 1_000 : 5_000 })));
      await Promise.all(traders[kind].map((trader) => trader.run(order(0, quick ? 1 : 5))));
    }
    const paced = await inTurn(traders, rounds, (seed) => order(seed, seconds));
    const busy = await inTurn(traders, quick ? 3 : 9, () => ({ trades: BACK_TO_BACK }));
    return result(
      paced,
      busy,
      { seconds, processes, load: [loadBefore, loadNow()] },
      await receiver.report(),
    );
  } finally {
    await Promise.all(kinds.flatMap((kind) => traders[kind].map((trader) => trader.close())));
    await receiver.close();
  }
}

async function inTurn(
  traders: Readonly<Record<TraderKind, readonly Trader[]>>,
  rounds: number,
  orderOf: (round: number) => Order,
): Promise<Runs> {
  const runs: Runs = { none: [], floor: [], slipstream: [], stock: [], monitor: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of rotated(kinds, round)) {
      const done = await traders[kind][round % traders[kind].length]?.run(orderOf(round));
      if (done !== undefined) runs[kind].push(done);
    }
  }
  return runs;
}

function order(seed: number, seconds: number): Order {
  return { seed, seconds, perSecond: PER_SECOND };
}

interface Conditions {
  readonly seconds: number;
  readonly processes: number;
  /** Load averages before and after. */
  readonly load: readonly [number, number];
}

function result(
  paced: Runs,
  busy: Runs,
  { seconds, processes, load }: Conditions,
  { requests, bytes }: ReceiverReport,
): BenchmarkResult {
  const ours = added(paced, "slipstream", percentOfCore);
  const ratio = addedRatio(paced, percentOfCore);
  const aboveFloor = added(paced, "slipstream", percentOfCore, "floor");
  const monitor = added(paced, "monitor", percentOfCore);
  const monitorMiB = added(paced, "monitor", ({ rssBytes }) => rssBytes / MIB);
  return {
    name: "overhead",
    title: `A service at ${PER_SECOND} trades/s, ${SPANS_PER_TRADE} spans each: CPU of the process in percent of one core`,
    comparisons: [
      comparison(paced, "none", "without"),
      comparison(paced, "floor", "with the floor: contexts and clocks"),
      comparison(paced, "stock", "with stock OpenTelemetry, spans only"),
    ],
    figures: [
      { name: "telemetry adds", unit: "% of one core", estimate: ours, goal: judge(ours, GOAL.added) },
      { name: "the floor adds", unit: "% of one core", estimate: added(paced, "floor", percentOfCore) },
      {
        name: "stock OpenTelemetry adds",
        unit: "% of one core",
        estimate: added(paced, "stock", percentOfCore),
      },
      {
        name: "what telemetry adds beside what stock OpenTelemetry adds",
        unit: "x",
        estimate: ratio,
        goal: judge(ratio, GOAL.ratio),
      },
      {
        name: "telemetry adds to the floor",
        unit: "% of one core",
        estimate: aboveFloor,
        goal: judge(aboveFloor, GOAL.aboveFloor),
      },
      {
        name: "PerformanceMonitor adds, its thread included",
        unit: "% of one core",
        estimate: monitor,
        goal: judge(monitor, GOAL.monitor),
      },
      {
        name: "PerformanceMonitor adds",
        unit: "MiB of memory",
        estimate: monitorMiB,
        goal: judge(monitorMiB, GOAL.monitorMiB),
      },
      ...perSpan("at that pace", paced),
      ...perSpan("back to back", busy),
      { name: "the same ratio back to back", unit: "x", estimate: addedRatio(busy, cpuPerSpan) },
    ],
    notes: [
      `${paced.none.length} rounds of ${seconds} s each way, ${processes} processes of each kind in turn; user and system time, all threads. Calls are waits of random length and the parsing of their answers.`,
      `The load average was ${load.map((value) => value.toFixed(2)).join(" before and ")} after: of this, 1 or less is the benchmark's own. With others on the machine, caches are colder and everything costs more: then only the ratios say something.`,
      "The floor: OpenTelemetry's context for each call, the clock read when it starts and ends, no span.",
      "Back to back: the same trades with nothing to wait for. The difference is what it costs to wake up and find the caches cold.",
      `Both instrumented ones sent OTLP/HTTP protobuf to a receiver in another process: ${requests} requests, ${bytes} bytes in all. Each round ends with a flush, so that nothing of its cost falls outside.`,
    ],
  };
}

function cpuPerSpan({ cpuMs, trades }: Done): number {
  return (1_000 * cpuMs) / trades / SPANS_PER_TRADE;
}

function perSpan(when: string, runs: Runs): Figure[] {
  return [
    {
      name: `a span of telemetry ${when}`,
      unit: "us of CPU",
      estimate: added(runs, "slipstream", cpuPerSpan),
    },
    {
      name: `a span of stock OpenTelemetry ${when}`,
      unit: "us of CPU",
      estimate: added(runs, "stock", cpuPerSpan),
    },
  ];
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

/** By how much `cost` is higher with `kind` than with `than`, in the same round. */
function added(
  runs: Runs,
  kind: TraderKind,
  cost: (done: Done) => number,
  than: TraderKind = "none",
): Estimate {
  return addedTo(runs[than].map(cost), runs[kind].map(cost));
}

/** What telemetry adds, divided by what stock OpenTelemetry adds. */
function addedRatio(runs: Runs, cost: (done: Done) => number): Estimate {
  return ratioOfAdded(runs.none.map(cost), runs.slipstream.map(cost), runs.stock.map(cost));
}

function percentOfCore({ cpuMs, wallMs }: Done): number {
  return (100 * cpuMs) / wallMs;
}
