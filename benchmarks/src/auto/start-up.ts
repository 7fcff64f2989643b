import { addedTo, ratioOfAdded } from "../lib/added.ts";
import { medianWithInterval } from "../lib/estimate.ts";
import { type Figure, judge } from "../lib/result.ts";
import { rotated } from "../lib/rotated.ts";
import type { Way } from "./messages.ts";
import { type FirstLine, firstLine } from "./processes.ts";
import type { Runs } from "./rounds.ts";

const ways = ["none", "slipstream", "stock"] as const satisfies readonly Way[];
const GOAL_MS = 200;
const services: readonly { readonly name: string; readonly packages: readonly string[] }[] = [
  { name: "a service without packages", packages: [] },
  { name: "a service with pg and ioredis", packages: ["pg", "ioredis"] },
];

/** What a service takes until its first line. */
export async function startUpFigures(rounds: number, otlpUrl: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { name, packages } of services) {
    const lines: ReadonlyMap<Way, FirstLine[]> = new Map(ways.map((way) => [way, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const way of rotated(ways, round)) lines.get(way)?.push(await firstLine(way, packages, otlpUrl));
    }
    figures.push(...figuresOf(name, "CPU", lines, ({ cpuMs }) => cpuMs));
    figures.push(...figuresOf(name, "time", lines, ({ wallMs }) => wallMs));
  }
  return figures;
}

function figuresOf(
  service: string,
  what: string,
  lines: Runs<FirstLine>,
  of: (line: FirstLine) => number,
): Figure[] {
  const [alone, ours, stock] = ways.map((way) => (lines.get(way) ?? []).map(of));
  if (alone === undefined || ours === undefined || stock === undefined) return [];
  const added = addedTo(alone, ours);
  const prefix = `${what} until the first line of ${service}`;
  return [
    { name: `${prefix}, alone`, unit: "ms", estimate: medianWithInterval(alone) },
    { name: "  slipstream adds", unit: "ms", estimate: added, goal: judge(added, GOAL_MS) },
    { name: "  stock adds", unit: "ms", estimate: addedTo(alone, stock) },
    { name: "  ratio of the two", unit: "x", estimate: ratioOfAdded(alone, ours, stock) },
  ];
}
