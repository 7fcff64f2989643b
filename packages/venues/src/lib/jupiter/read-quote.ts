import { address, atoms } from "../chain/names.ts";
import type { Quote } from "../facts.ts";
import { field, list, text, whole } from "../json.ts";

const MOST_POOLS = 16;
const LONGEST_LABEL = 48;
const label = /^[\w .()+&-]+$/;

/** Reads a quote: of an answer, or of the request that uses it. */
export function readQuote(value: unknown): Quote | undefined {
  const [inputMint, outputMint] = [address(field(value, "inputMint")), address(field(value, "outputMint"))];
  const [inAmount, outAmount] = [atoms(field(value, "inAmount")), atoms(field(value, "outAmount"))];
  if (inputMint === undefined || outputMint === undefined) return undefined;
  if (inAmount === undefined || outAmount === undefined) return undefined;
  const steps = (list(field(value, "routePlan")) ?? [])
    .slice(0, MOST_POOLS)
    .map((step) => field(step, "swapInfo"));
  const pools = steps.flatMap((info) => address(field(info, "ammKey")) ?? []);
  return {
    inputMint,
    outputMint,
    inAmount,
    outAmount,
    threshold: atoms(field(value, "otherAmountThreshold")),
    exactOut: field(value, "swapMode") === "ExactOut",
    slippageBps: whole(field(value, "slippageBps")),
    priceImpact: ratio(field(value, "priceImpactPct")) ?? ratio(field(value, "priceImpact")),
    usd: ratio(field(value, "swapUsdValue")) ?? ratio(field(value, "inUsdValue")),
    pools,
    labels: steps.flatMap((info) => labelOf(field(info, "label")) ?? []),
    key: [
      inputMint,
      outputMint,
      inAmount,
      outAmount,
      whole(field(value, "contextSlot")) ?? "",
      ...pools.slice(0, 2),
    ].join(" "),
  };
}

function labelOf(value: unknown): string | undefined {
  const found = text(value, LONGEST_LABEL);
  return found !== undefined && label.test(found) ? found : undefined;
}

/** A number that Jupiter writes as a number or as a text. */
function ratio(value: unknown): number | undefined {
  if (typeof value !== "number" && text(value, 40) === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
