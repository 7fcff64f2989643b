import { medianWithInterval } from "./lib/estimate.ts";
import { type BenchmarkResult, type Comparison, type Estimate, type Figure, judge } from "./lib/result.ts";
import type { Done, Order, ReceiverReport, TraderKind } from "./overhead/messages.ts";
import { startReceiverProcess, startTrader, type Trader } from "./overhead/processes.ts";
import { SPANS_PER_TRADE } from "./overhead/workload.ts";

const PER_SECOND = 100;
const GOAL_PERCENT = 1;
const BACK_TO_BACK = 1_000;
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
    const paced = await inTurn(traders, rounds, (seed) => order(seed, seconds));
    const busy = await inTurn(traders, quick ? 3 : 8, () => ({ trades: BACK_TO_BACK }));
    return result(paced, busy, seconds, await receiver.report());
  } finally {
    await Promise.all(traders.map((trader) => trader.close()));
    await receiver.close();
  }
}

async function inTurn(
  traders: readonly Trader[],
  rounds: number,
  orderOf: (round: number) => Order,
): Promise<Runs> {
  const runs: Runs = { none: [], slipstream: [], stock: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < traders.length; i += 1) {
      const index = (i + round) % traders.length;
      const done = await traders[index]?.run(orderOf(round));
      const kind = kinds[index];
      if (done !== undefined && kind !== undefined) runs[kind].push(done);
    }
  }
  return runs;
}

function order(seed: number, seconds: number): Order {
  return { seed, seconds, perSecond: PER_SECOND };
}

function result(
  paced: Runs,
  busy: Runs,
  seconds: number,
  { requests, bytes }: ReceiverReport,
): BenchmarkResult {
  const percent = added(paced, "slipstream", percentOfCore);
  return {
    name: "overhead",
    title: `A service at ${PER_SECOND} trades/s, ${SPANS_PER_TRADE} spans each: CPU of the process in percent of one core`,
    comparisons: [
      comparison(paced, "none", "without"),
      comparison(paced, "stock", "with stock OpenTelemetry, spans only"),
    ],
    figures: [
      {
        name: "telemetry adds",
        unit: "% of one core",
        estimate: percent,
        goal: judge(percent, GOAL_PERCENT),
      },
      {
        name: "stock OpenTelemetry adds",
        unit: "% of one core",
        estimate: added(paced, "stock", percentOfCore),
      },
      ...perSpan("at that pace", paced),
      ...perSpan("back to back", busy),
    ],
    notes: [
      `${paced.none.length} rounds of ${seconds} s each way; user and system time, all threads. Calls are waits of random length and the parsing of their answers.`,
      "Back to back: the same trades with nothing to wait for. The difference is what it costs to wake up and find the caches cold.",
      `Both instrumented ones sent OTLP/HTTP protobuf to a receiver in another process: ${requests} requests, ${bytes} bytes in all. Each round ends with a flush, so that nothing of its cost falls outside.`,
    ],
  };
}

function perSpan(when: string, runs: Runs): Figure[] {
  const cost = ({ cpuMs, trades }: Done): number => (1_000 * cpuMs) / trades / SPANS_PER_TRADE;
  return [
    { name: `a span of telemetry ${when}`, unit: "us of CPU", estimate: added(runs, "slipstream", cost) },
    {
      name: `a span of stock OpenTelemetry ${when}`,
      unit: "us of CPU",
      estimate: added(runs, "stock", cost),
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

/** By how much `cost` is higher with `kind` than without any, in the same round. */
function added(runs: Runs, kind: TraderKind, cost: (done: Done) => number): Estimate {
  const without = runs.none.map(cost);
  return medianWithInterval(runs[kind].map((done, i) => cost(done) - (without[i] ?? Number.NaN)));
}

function percentOfCore({ cpuMs, wallMs }: Done): number {
  return (100 * cpuMs) / wallMs;
}
