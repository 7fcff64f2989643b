import { fork } from "node:child_process";
import { ask, closed, nextMessage } from "../lib/child.ts";
import { medianWithInterval } from "../lib/estimate.ts";
import { type Figure, judge } from "../lib/result.ts";

export interface WatcherOrder {
  readonly port: number;
  readonly blocks: number;
  readonly perSecond: number;
}

export interface WatcherLoad {
  readonly seconds: number;
  /** CPU time of the process. */
  readonly cpuMs: number;
  /** Of it, after the block had come. */
  readonly decodingMs: number;
}

const perSecond = 3;
/** Percent of one core. */
const goal = 10;

/** What reading blocks takes of a core at mainnet's rate, from a node in another process on this machine. */
export async function watcherFigures(
  texts: readonly string[],
  rounds: number,
  blocks: number,
): Promise<Figure[]> {
  const node = fork(new URL("./node.main.ts", import.meta.url));
  await nextMessage(node);
  const port = await ask<number>(node, texts);
  const loads: WatcherLoad[] = [];
  for (let round = 0; round < rounds; round++) {
    const watcher = fork(new URL("./watcher.main.ts", import.meta.url));
    await nextMessage(watcher);
    loads.push(await ask<WatcherLoad>(watcher, { port, blocks, perSecond }));
  }
  await closed(node);
  const percent = (of: (load: WatcherLoad) => number): ReturnType<typeof medianWithInterval> =>
    medianWithInterval(loads.map((load) => of(load) / 10 / load.seconds));
  const whole = percent(({ cpuMs }) => cpuMs);
  return [
    {
      name: `watcher at ${perSecond} mainnet blocks a second`,
      unit: "% of a core",
      estimate: whole,
      goal: judge(whole, goal),
    },
    {
      name: "of it, decoding and picking",
      unit: "% of a core",
      estimate: percent(({ decodingMs }) => decodingMs),
    },
    {
      name: "of it, fetching from a node on this machine, and being there",
      unit: "% of a core",
      estimate: percent(({ cpuMs, decodingMs }) => cpuMs - decodingMs),
    },
  ];
}
