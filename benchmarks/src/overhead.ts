import { meanWithInterval } from "./lib/estimate.ts";
import { type BenchmarkResult, judge } from "./lib/result.ts";
import type { Done } from "./overhead/messages.ts";
import { startReceiverProcess, startTrader, type Trader } from "./overhead/processes.ts";
import { SPANS_PER_TRADE } from "./overhead/workload.ts";

const PER_SECOND = 100;
const GOAL_PERCENT = 1;

/** What telemetry costs a service that makes 100 trades a second: two processes, the same work, in turn. */
export async function overheadBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const rounds = quick ? 3 : 10;
  const seconds = quick ? 2 : 5;
  const receiver = await startReceiverProcess();
  const service = await startTrader(receiver.url);
  const plain = await startTrader();
  try {
    await warmUp([service, plain], quick ? 2 : 20);
    const before = await receiver.report();
    const pairs: { service: Done; plain: Done }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const order = { seconds, perSecond: PER_SECOND };
      const early = round % 2 === 0 ? await service.run(order) : undefined;
      const without = await plain.run(order);
      pairs.push({ service: early ?? (await service.run(order)), plain: without });
    }
    const after = await receiver.report();
    checkDelivered(pairs.map((pair) => pair.service));
    const sent = { requests: after.requests - before.requests, bytes: after.bytes - before.bytes };
    return result(pairs, seconds, sent);
  } finally {
    await Promise.all([service.close(), plain.close()]);
    await receiver.close();
  }
}

/** Until the compiler has seen everything; a service runs for days, not for seconds. */
async function warmUp(traders: readonly Trader[], seconds: number): Promise<void> {
  await Promise.all(traders.map((trader) => trader.run({ seconds, perSecond: PER_SECOND })));
}

function result(
  pairs: readonly { service: Done; plain: Done }[],
  seconds: number,
  sent: { requests: number; bytes: number },
): BenchmarkResult {
  const service = pairs.map((pair) => percentOfCore(pair.service));
  const plain = pairs.map((pair) => percentOfCore(pair.plain));
  const added = meanWithInterval(
    pairs.map((pair) => percentOfCore(pair.service) - percentOfCore(pair.plain)),
  );
  const perTrade = meanWithInterval(
    pairs.map((pair) => (1_000 * (pair.service.cpuMs - pair.plain.cpuMs)) / pair.plain.trades),
  );
  const trades = pairs.reduce((sum, pair) => sum + pair.service.trades, 0);
  return {
    name: "overhead",
    title: `A service at ${PER_SECOND} trades/s, ${SPANS_PER_TRADE} spans each: CPU of the process in percent of one core`,
    comparisons: [
      {
        ours: "with telemetry",
        theirs: "without",
        unit: "%",
        ourTime: meanWithInterval(service),
        theirTime: meanWithInterval(plain),
        ratio: meanWithInterval(service.map((percent, i) => percent / (plain[i] ?? Number.NaN))),
      },
    ],
    figures: [
      { name: "telemetry adds", unit: "% of one core", estimate: added, goal: judge(added, GOAL_PERCENT) },
      { name: "that is", unit: "us of CPU a trade", estimate: perTrade },
    ],
    notes: [
      `${pairs.length} rounds of ${seconds} s each way, means with Student's 95 % interval; all threads count.`,
      `Calls are waits and the parsing of their answers; ${trades * SPANS_PER_TRADE} spans went to a receiver in a third process, in ${sent.requests} requests of OTLP/HTTP protobuf, ${Math.round(sent.bytes / trades)} bytes a trade.`,
      "Each round ends with a flush, so that nothing of its cost falls outside.",
    ],
  };
}

function percentOfCore({ cpuMs, wallMs }: Done): number {
  return (100 * cpuMs) / wallMs;
}

/** @throws Error where spans were lost: then the cost measured is not that of telemetry that works. */
function checkDelivered(runs: readonly Done[]): void {
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return;
  const expected = runs.slice(1).reduce((sum, { trades }) => sum + trades * SPANS_PER_TRADE, 0);
  const exported = last.exportedSpans - first.exportedSpans;
  if (last.troubles > 0 || exported !== expected) {
    throw new Error(`${exported} of ${expected} spans were delivered, with ${last.troubles} troubles`);
  }
}
