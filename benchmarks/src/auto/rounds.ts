import { rotated } from "../lib/rotated.ts";
import type { CallOrder, Order, Run, Way } from "./messages.ts";
import { Bot, type Servers } from "./processes.ts";

/** For each way a value for each round. */
export type Runs<T> = ReadonlyMap<Way, readonly T[]>;

/** Services of each way, several of each: how a process lies in memory and what its compiler has done lasts as long as it does. */
export class Fleet {
  readonly #bots = new Map<Way, Bot[]>();

  async start(ways: readonly Way[], processes: number, servers: Servers): Promise<void> {
    for (const way of ways) {
      const bots: Bot[] = [];
      this.#bots.set(way, bots);
      for (let i = 0; i < processes; i += 1) bots.push(await Bot.start(way, servers));
    }
  }

  /** Until the compiler has seen everything: calls by all at once, trades by one after the other, for they don't wait for each other. */
  async warmUp(calls: readonly CallOrder[], pace: Order): Promise<void> {
    const all = [...this.#bots.values()].flat();
    for (const order of calls) await Promise.all(all.map(async (bot) => (await bot.run(order)).settled));
    const settled: Promise<Run>[] = [];
    for (const bot of all) settled.push((await bot.run(pace)).settled);
    await Promise.all(settled);
  }

  /** Each order by each way, one after the other; each round begins with another way, and is another process's. */
  async measure(orders: readonly Order[], rounds: number): Promise<ReadonlyMap<Order, Runs<Run>>> {
    const results = new Map(orders.map((order) => [order, new Map<Way, Run[]>()]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [order, runs] of results) {
        const settled: Promise<void>[] = [];
        for (const [way, bots] of rotated([...this.#bots], round)) {
          const list = runs.get(way) ?? [];
          runs.set(way, list);
          const running = await bots[round % bots.length]?.run(order);
          // While one waits until all is sent, the next one works.
          if (running !== undefined) settled.push(running.settled.then((run) => void list.push(run)));
        }
        await Promise.all(settled);
      }
    }
    return results;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#bots.values()].flat().map((bot) => bot.close()));
  }
}
