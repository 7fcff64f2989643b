import { compare } from "./lib/compare.ts";
import type { Variant } from "./lib/paired.ts";
import type { BenchmarkResult } from "./lib/result.ts";
import { content, type Exposition, samples, sortedSamples } from "./render/content.ts";
import { EXPORTER, openTelemetry } from "./render/open-telemetry.ts";
import { ours } from "./render/ours.ts";
import { promClient } from "./render/prom-client.ts";

const GOAL_RATIO = 0.1;

/** `/metrics` of 10,000 samples as bytes: our serializer beside those of exporter-prometheus and prom-client. */
export async function renderBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const expositions = await everyExposition();
  await checkEqual(expositions);
  const [kept, fresh, ...theirs] = expositions.map(variant);
  const comparisons = await compare({
    ours: [kept, fresh].filter((each) => each !== undefined),
    theirs,
    rounds: { rounds: quick ? 15 : 60, times: 1 },
    unit: "ms",
    goal: { theirs: EXPORTER, below: GOAL_RATIO },
  });
  return {
    name: "render",
    title: `/metrics of ${samples.toLocaleString("en")} samples in ${content.length} families`,
    comparisons,
    figures: [],
    notes: [
      "Equal content, checked before; every value changes between scrapes. Text and its UTF-8 bytes.",
      "Collecting is not timed, but in prom-client, which cannot render without it.",
    ],
  };
}

/** Ours with kept labels, ours with new ones, then the others. */
export async function everyExposition(): Promise<Exposition[]> {
  return [ours("kept"), ours("new"), await openTelemetry(), promClient()];
}

/** @throws Error where two of them do not say the same. */
export async function checkEqual(expositions: readonly Exposition[]): Promise<void> {
  let first: string | undefined;
  for (const exposition of expositions) {
    await exposition.tick();
    await exposition.tick();
    const text = sortedSamples((await exposition.render()).toString()).join("\n");
    first ??= text;
    if (text !== first)
      throw new Error(`${exposition.name} renders other samples than ${expositions[0]?.name}`);
  }
}

function variant(exposition: Exposition): Variant {
  return {
    name: exposition.name,
    before: () => exposition.tick(),
    run: async (times) => {
      for (let i = 0; i < times; i += 1) await exposition.render();
    },
  };
}
