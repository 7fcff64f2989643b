import { type NamesOf, namesOf } from "./names-of.ts";

/** Names of the spans that Slipstream's own telemetry creates. */
export const spanNames = {
  tradeExecute: {
    name: "trade.execute",
    help: "One trade, from the decision to its outcome. This is the root span.",
  },
  jupiterQuote: { name: "jupiter.quote", help: "A quote from Jupiter." },
  jupiterSwap: { name: "jupiter.swap", help: "A request to Jupiter to build a swap transaction." },
  solanaRpc: { name: "solana.rpc", help: "A Solana JSON-RPC call; rpc.method is its method." },
  solanaSimulate: { name: "solana.simulate", help: "Simulating a transaction." },
  solanaSign: { name: "solana.sign", help: "Signing a transaction on the service's own machine." },
  solanaSubmit: { name: "solana.submit", help: "Sending a transaction." },
  solanaConfirm: { name: "solana.confirm", help: "Waiting for a transaction to be confirmed." },
  dbWrite: { name: "db.write", help: "A database write." },
} as const;

export type SpanName = (typeof spanNames)[keyof typeof spanNames]["name"];

/** A span's name by its key: `spanName.tradeExecute` is "trade.execute". */
export const spanName: NamesOf<typeof spanNames> = namesOf(spanNames);
