import { setTimeout as sleep } from "node:timers/promises";

/** What a desk has decided to buy. */
export interface Order {
  /** Unique for each trade. */
  readonly id: string;
  readonly pair: string;
  readonly sizeUsd: number;
}

/**
 * Decides trades and has them executed, one after another: as many as the first argument of the program says, or 20.
 * A trade that fails is reported, and the next one follows. Prints how many succeeded.
 */
export async function runDesk(execute: (order: Order) => Promise<void>): Promise<void> {
  const trades = Number(process.argv[2] ?? 20);
  let succeeded = 0;
  for (let trade = 1; trade <= trades; trade += 1) {
    try {
      await execute({ id: `${process.pid}-${trade}`, pair: "SOL/USDC", sizeUsd: 100 + trade });
      succeeded += 1;
    } catch (error) {
      console.error(`Trade ${trade} failed: ${error instanceof Error ? error.message : error}`);
    }
    await sleep(20);
  }
  console.log(`${trades} trades, ${succeeded} succeeded`);
}
