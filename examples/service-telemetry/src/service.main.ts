/**
 * A trading service with @slipstream/telemetry. It sends its spans and metrics to the address in
 * OTEL_EXPORTER_OTLP_ENDPOINT.
 */
import { type Order, runDesk, startVenue } from "slipstream-example-venue";

await using venue = await startVenue();

// #region readme
import { setUp } from "@slipstream/telemetry";

const telemetry = setUp({ serviceName: "arbitrage-desk" });
const { latencyTracker, trades } = telemetry;

/** The calls are made inside the trade, so their spans are its children. */
function execute({ id, pair, sizeUsd }: Order): Promise<void> {
  return trades.execute({ id, pair, side: "buy", sizeUsd }, async (trade) => {
    const quote = await latencyTracker.track("jupiter.quote", () => venue.quote(sizeUsd));
    const send = { "rpc.method": "sendTransaction" };
    const sent = latencyTracker.track("solana.rpc", () => venue.send(quote), send);
    const signature = await sent.catch((error: Error) => {
      trade.set({ failureReason: error.message === "Blockhash not found" ? "expired" : "other" });
      throw error;
    });
    trade.set({ signature, quotedOut: quote.outAmount, minOut: quote.minOut });
    trade.set({ slot: await latencyTracker.track("solana.confirm", () => venue.confirm(signature)) });
    telemetry.setOpenPositions(++positions);
  });
}

// What only the service knows of itself. A value holds until the next call.
let positions = 0;
telemetry.setCircuitBreaker("closed"); // open, half_open
telemetry.setOpenPositions(positions);
telemetry.setConnections("redis", 1); // questdb, postgres
telemetry.setDependencyUp("redis", true);
// #endregion

await runDesk(execute);
await telemetry.shutdown();
