import {
  type DecodedBlock,
  decodeBlock,
  detectSandwiches,
  mevSummary,
  mevSummaryBy,
  VerdictTracker,
  vulnerabilities,
} from "@slipstream/mev";
import { parseBlockText, readBlock } from "@slipstream/solana/block";
import { medianWithInterval } from "../lib/estimate.ts";
import { type BenchmarkResult, type Figure, judge } from "../lib/result.ts";
import { mainnetBlock } from "./mainnet-block.ts";
import { readingFigures } from "./reading.ts";
import { crowd, records, slotsOf } from "./swaps.ts";
import { watcherFigures } from "./watcher-load.ts";

export interface MevBenchmarkOptions {
  readonly quick: boolean;
  /** Text of a `getBlock` answer. */
  readonly block: string;
}

const IN_ONE_POOL = 10_000;
const PER_SECOND = 1000;

/** Blocks decoded and searched, verdicts, and what is kept for them. Run with --expose-gc. */
export async function mevBenchmark({ quick, block: text }: MevBenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 5 : 30;
  const block = parseBlockText(text);
  const bytes = Buffer.from(text);
  const decoded = decodeBlock(block, 1);
  const pool = crowd(IN_ONE_POOL);
  const kept = crowd(quick ? 50_000 : 500_000);
  const searched = medianWithInterval(times(quick ? 3 : 10, () => detectSandwiches(pool)));
  // A block without transactions is no model of mainnet's.
  const mainnet =
    block.transactions.length === 0 ? [] : [0, 1, 2].map((number) => mainnetBlock(text, number));
  const kinds = new Map([
    ["a recorded block", [text]],
    ...(mainnet.length > 0 ? [mainnetKind(mainnet)] : []),
  ]);
  return {
    name: "mev",
    title: `MEV: a block of ${block.transactions.length} transactions and ${decoded.swaps.length} decoded swaps`,
    comparisons: [],
    figures: [
      perSecond("blocks read from bytes (to transactions)", rounds, () => readBlock(bytes)),
      perSecond("blocks parsed (text to checked transactions)", rounds, () => parseBlockText(text)),
      perSecond("blocks decoded", rounds, () => decodeBlock(block, 1)),
      perSecond("blocks searched, losses replayed", rounds, () => search(decoded)),
      perSecond("blocks decoded and searched", rounds, () => search(decodeBlock(block, 1))),
      ...readingFigures(kinds, quick ? 8 : 15),
      ...(mainnet.length > 0 ? await watcherFigures(mainnet, quick ? 1 : 3, quick ? 12 : 24) : []),
      {
        name: `${IN_ONE_POOL} swaps in one pool searched`,
        unit: "ms",
        estimate: searched,
        goal: judge(searched, 1000),
      },
      ...keptFigures(kept),
      {
        name: "verdicts on trades, to final",
        unit: "trades/s",
        estimate: medianWithInterval(
          times(quick ? 2 : 5, () => verdicts(pool)).map((ms) => (TRADES / ms) * PER_SECOND),
        ),
      },
      {
        name: `statistics over ${quick ? 20_000 : 200_000} trades: overall, by pair, patterns`,
        unit: "ms",
        estimate: medianWithInterval(times(quick ? 2 : 5, statistics(quick ? 20_000 : 200_000))),
      },
    ],
    notes: [
      "One thread; each figure is a median over rounds with its 95 % interval.",
      "The mainnet block: 1,500 transactions and as many votes, made of the recorded block's with other accounts. Its node is another process.",
      "Memory: heap after a collection, with and without the swaps, which are 700 bytes of text and amounts each as decoded.",
    ],
  };
}

function mainnetKind(texts: readonly string[]): [string, readonly string[]] {
  return ["a block as mainnet has them", texts];
}

function search({ swaps, attempted, transfers }: DecodedBlock): unknown {
  return detectSandwiches(swaps, { attempts: attempted, transfers });
}

const TRADES = 2000;

/** Every fifth swap is the desk's. */
function verdicts(pool: ReturnType<typeof crowd>): void {
  const tracker = new VerdictTracker({ giveUpSlots: 10 });
  for (const { id, signature, slot } of pool.filter((_, i) => i % 5 === 0).slice(0, TRADES)) {
    tracker.addTrade({ id, signature, slot });
  }
  for (const [i, slot] of slotsOf(pool).entries()) {
    tracker.addSlot(slot);
    if (i % 20 === 19) {
      tracker.finalize(slot.slot);
      tracker.take();
    }
  }
  tracker.finalize(Number.MAX_SAFE_INTEGER);
  tracker.take();
  if (tracker.counts.waiting > 0) throw new Error("not every trade has its verdict");
}

function statistics(count: number): () => void {
  const trades = records(count);
  return () => {
    mevSummary(trades);
    mevSummaryBy(trades, "pair");
    vulnerabilities(trades);
  };
}

/** What a tracker holds for each swap beside the swap itself, and the swap with it. */
function keptFigures(swaps: readonly ReturnType<typeof crowd>[number][]): Figure[] {
  const count = swaps.length;
  const slots = structuredClone(slotsOf(swaps));
  const before = heapBytes();
  const tracker = new VerdictTracker({
    keepSlots: Number.MAX_SAFE_INTEGER,
    maxSwaps: Number.MAX_SAFE_INTEGER,
  });
  for (const slot of slots) tracker.addSlot(slot);
  const index = heapBytes() - before;
  slots.length = 0;
  const all = tracker.counts.swaps;
  if (all !== count) throw new Error(`${all} of ${count} swaps are kept`);
  const whole = swapBytes(swaps.slice(0, 20_000)) * 1e6;
  const perMillion = (index / count) * 1e6;
  const figure = (name: string, bytes: number): Figure => {
    const mib = bytes / 2 ** 20;
    return { name, unit: "MiB", estimate: { value: mib, low: mib, high: mib } };
  };
  return [
    figure("memory per 1 M swaps kept for verdicts: indices", perMillion),
    figure("memory per 1 M swaps kept for verdicts: swaps and indices", whole + perMillion),
  ];
}

function swapBytes(swaps: readonly ReturnType<typeof crowd>[number][]): number {
  const before = heapBytes();
  const copies = structuredClone(swaps);
  const bytes = (heapBytes() - before) / swaps.length;
  if (copies.length !== swaps.length) throw new Error("no copies");
  return bytes;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function perSecond(name: string, rounds: number, run: () => unknown): Figure {
  const rates = times(rounds, run).map((ms) => PER_SECOND / ms);
  return { name, unit: "blocks/s", estimate: medianWithInterval(rates) };
}

/** Milliseconds of each round, after one that is not counted. */
function times(rounds: number, run: () => unknown): number[] {
  run();
  return Array.from({ length: rounds }, () => time(run));
}

function time(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
