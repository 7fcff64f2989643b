import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeFlagsOf } from "@slipstream/testing/node-flags";
import { rotated } from "../lib/rotated.ts";
import { BIN, startAggregator } from "./aggregator.ts";
import { builtCollector, startCollector } from "./collector.ts";
import type { CollectorPipeline } from "./collector-config.ts";
import { startFloor } from "./floors/floor.ts";
import { stages } from "./floors/stages.ts";
import type { IntakeOptions } from "./options.ts";
import { notPinned } from "./pinned.ts";
import { type Ratio, ratioOf, type SubjectResult, subjectResult } from "./result.ts";
import { type Round, runRound } from "./round.ts";
import { type SenderProcess, startSender } from "./sender-process.ts";
import type { Subject } from "./subject.ts";

/** How many times as many spans a second as the Collector's we want to take. */
const GOALS: Readonly<Record<CollectorPipeline, number>> = { "durable queue": 2.5, span_metrics: 1 };
const goals: ReadonlyMap<string, number> = new Map(Object.entries(GOALS));

export interface IntakeResult {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly bytesPerSpan: number;
  readonly subjects: readonly SubjectResult[];
  readonly ratios: readonly Ratio[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

interface Loaded {
  readonly subject: Subject;
  readonly sender: SenderProcess;
  readonly rounds: Round[];
  acknowledged: { spans: number; trades: number };
}

/**
 * Loads the aggregator and, where its binary is there, the Collector in turn, round after round, each round beginning with
 * another one, so that what slows the machine for a while slows all of them.
 *
 * @throws Error where a span that was acknowledged was not counted exactly once
 */
export async function intakeBenchmark(
  options: IntakeOptions,
  onProgress: (text: string) => void,
): Promise<IntakeResult> {
  const root = mkdtempSync(join(options.dir ?? tmpdir(), "slipstream-intake-"));
  const loaded: Loaded[] = [];
  try {
    for (const start of starters(options)) {
      const directory = join(root, String(loaded.length));
      mkdirSync(directory);
      const subject = await start(directory);
      const sender = await startSender(subject.url, loaded.length + 1).catch(async (error: unknown) => {
        await subject.close();
        throw error;
      });
      loaded.push({ subject, sender, rounds: [], acknowledged: { spans: 0, trades: 0 } });
    }
    const { rounds, seconds, warmUpSeconds } = options;
    for (const one of loaded) {
      onProgress(`${one.subject.name}: warming up`);
      await load(one, warmUpSeconds, options.connections);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const one of rotated(loaded, round)) {
        onProgress(`${one.subject.name}: round ${round + 1} of ${rounds}`);
        one.rounds.push(await load(one, seconds, options.connections));
      }
    }
    for (const { subject, acknowledged } of loaded) {
      const wrong = await subject.wrong(acknowledged);
      if (wrong !== undefined) throw new Error(`${subject.name}: ${wrong}`);
    }
    return result(options, loaded);
  } finally {
    for (const { subject, sender } of loaded) {
      await sender.close();
      await subject.close();
    }
    rmSync(root, { recursive: true, force: true });
  }
}

function starters(options: IntakeOptions): ((directory: string) => Promise<Subject>)[] {
  const collector = collectorOf(options);
  const pipelines: readonly CollectorPipeline[] =
    collector === undefined ? [] : ["durable queue", "span_metrics"];
  const flags = nodeFlagsOf(BIN);
  const { besideFlags } = options;
  return [
    (directory) => startAggregator(directory, options.cpuProfile, "slipstream", flags),
    ...(besideFlags === undefined
      ? []
      : [
          (directory: string) =>
            startAggregator(directory, undefined, `slipstream ${besideFlags}`.trim(), words(besideFlags)),
        ]),
    ...pipelines.map(
      (pipeline) => (directory: string) => startCollector(collector ?? "", pipeline, directory),
    ),
    ...(options.withFloors ? stages : []).map(
      (stage) => (directory: string) => startFloor(stage, directory, flags),
    ),
  ];
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

function collectorOf({ withCollector, collector }: IntakeOptions): string | undefined {
  return withCollector ? (collector ?? builtCollector()) : undefined;
}

async function load(one: Loaded, seconds: number, connections: number): Promise<Round> {
  const round = await runRound(one.subject, one.sender, { seconds, connections });
  one.acknowledged = {
    spans: one.acknowledged.spans + round.sent.spans,
    trades: one.acknowledged.trades + round.sent.trades,
  };
  return round;
}

function result(options: IntakeOptions, loaded: readonly Loaded[]): IntakeResult {
  const [ours, ...theirs] = loaded;
  const subjects = loaded.map(({ subject, rounds }) => subjectResult(subject.name, rounds));
  const unpinned = notPinned();
  return {
    rounds: options.rounds,
    seconds: options.seconds,
    connections: options.connections,
    bytesPerSpan: ours?.sender.bytesPerSpan ?? Number.NaN,
    subjects,
    ratios: theirs
      .filter(({ subject }) => !stages.some((stage) => stage === subject.name))
      .map(({ subject, rounds }) =>
        ratioOf(ours?.rounds ?? [], rounds, subject.name, goals.get(subject.name)),
      ),
    notes: [
      `${ours?.acknowledged.spans} spans acknowledged by the aggregator, warming up included: each counted exactly once.`,
      ...(unpinned === undefined ? [] : [`Not one core each: ${unpinned}.`]),
      ...(collectorOf(options) !== undefined || !options.withCollector
        ? []
        : [
            "No Collector to compare with: `npm run stack -- install collector` builds one, --collector names one.",
          ]),
      ...subjects
        .filter(({ senderCore }) => senderCore.value > 0.9)
        .map(({ name, senderCore }) => {
          return `The sender took ${Math.round(100 * senderCore.value)} % of its core: ${name} may take more than it was sent.`;
        }),
    ],
  };
}
