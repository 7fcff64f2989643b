import { decodeBlock, detectSandwiches } from "@slipstream/mev";
import { decodeBlockBytes } from "@slipstream/mev/block";
import { parseBlockText } from "@slipstream/solana/block";
import { medianWithInterval } from "../lib/estimate.ts";
import { type Figure, judge } from "../lib/result.ts";

interface Text {
  readonly bytes: Buffer;
  readonly text: string;
}

/** Milliseconds of CPU time, in each round. */
interface Times {
  readonly read: number[];
  readonly parsedWhole: number[];
  readonly json: number[];
}

/**
 * Blocks of each kind from text to searched, beside `JSON.parse` of their text, in CPU time of the whole process, and beside parsing all
 * of it first. All are run in turn, so that none finds in the processor's caches what it left there itself.
 * @param kinds by name: blocks that are read one after the other
 */
export function readingFigures(kinds: ReadonlyMap<string, readonly string[]>, rounds: number): Figure[] {
  const all = [...kinds].map(([name, texts]) => ({
    name,
    texts: texts.map((text): Text => ({ bytes: Buffer.from(text), text })),
    times: { read: [], parsedWhole: [], json: [] } as Times,
  }));
  // The first rounds are not counted: the compiler is not done.
  const warmUp = Math.ceil(rounds / 3);
  for (let round = -warmUp; round < rounds; round++) {
    for (const { texts, times } of all) {
      const one = texts[Math.abs(round) % texts.length];
      if (one === undefined) continue;
      const read = cpuMs(() => searched(decodeBlockBytes(one.bytes, 1)));
      const json = cpuMs(() => JSON.parse(one.text));
      const parsedWhole = cpuMs(() => searched(decodeBlock(parseBlockText(one.text), 1)));
      if (round < 0) continue;
      times.read.push(read);
      times.json.push(json);
      times.parsedWhole.push(parsedWhole);
    }
  }
  return all.flatMap(({ name, texts, times: { read, json, parsedWhole } }) => {
    const megabytes = ((texts[0]?.bytes.length ?? 0) / 1e6).toFixed(1);
    const ratio = medianWithInterval(read.map((ms, at) => ms / (json[at] ?? ms)));
    const before = medianWithInterval(parsedWhole.map((ms, at) => ms / (json[at] ?? ms)));
    return [
      {
        name: `${name} (${megabytes} MB) from text to searched, beside JSON.parse of the text, CPU time`,
        unit: "x",
        estimate: ratio,
        goal: judge(ratio, 1),
      },
      { name: `${name}: the same, if all of it is parsed first`, unit: "x", estimate: before },
      { name: `${name}: from text to searched, CPU time`, unit: "ms", estimate: medianWithInterval(read) },
    ];
  });
}

function searched({ swaps, attempted, transfers }: ReturnType<typeof decodeBlock>): unknown {
  return detectSandwiches(swaps, { attempts: attempted, transfers });
}

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
