import type { TradeDetails } from "@slipstream/telemetry";
import type { Instrumentation } from "../overhead/instrumentation.ts";

const PAIRS = ["SOL/USDC", "SOL/USDC", "SOL/USDC", "JUP/SOL", "BONK/SOL", "WIF/USDC"];
const STRATEGIES = ["arbitrage", "momentum", "market_making"];
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const SIGNATURE_DIGITS = 88;

/** Trades as they differ on a desk: by pair, strategy, size and outcome, each with a transaction of its own. */
export function varied(service: Instrumentation): Instrumentation {
  let trades = 0;
  return {
    track: (...call) => service.track(...call),
    execute: (details, work) => {
      const n = trades++;
      return service.execute({ ...details, ...detailsOf(n) }, (set) =>
        work((more) => set(more.signature === undefined ? more : { ...more, signature: signatureOf(n) })),
      );
    },
  };
}

/** One trade in 50 fails. */
function detailsOf(n: number): TradeDetails {
  const failed = n % 50 === 49;
  return {
    pair: PAIRS[n % PAIRS.length],
    strategy: STRATEGIES[n % STRATEGIES.length],
    sizeUsd: 50 * 1.05 ** (n % 140),
    protection: n % 4 === 0 ? "jito" : "none",
    pnlUsd: (n % 31) - 12,
    ...(failed ? { status: "failed", failureReason: "slippage" } : {}),
  };
}

function signatureOf(n: number): string {
  let digits = "";
  for (let rest = n; digits.length < 6; rest = Math.floor(rest / BASE58.length)) {
    digits = `${BASE58[rest % BASE58.length]}${digits}`;
  }
  return digits.padStart(SIGNATURE_DIGITS, "5");
}
