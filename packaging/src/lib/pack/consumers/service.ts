import { setUp } from "@slipstream/telemetry";

/** A service that imports `@slipstream/telemetry`: three trades, each with one call. */
async function main(): Promise<void> {
  const telemetry = setUp({ serviceName: process.env.SERVICE ?? "service" });
  for (const id of ["1", "2", "3"]) {
    await telemetry.trades.execute({ id, pair: "SOL/USDC", side: "buy", sizeUsd: 100 }, async (trade) => {
      const slot: number = await telemetry.latencyTracker.track("solana.rpc", async () => 285_000_100);
      trade.set({ status: "success", slot });
    });
  }
  await telemetry.shutdown();
}

void main();
