import { publicRouters } from "@slipstream/solana";
import type { Sandwich } from "../sandwich/model.ts";
import { type ActivityView, isTrader } from "./activity.ts";

/**
 * Why a sandwich counts as luck although its round trip paid off; undefined if it does not. Applies only if
 * one signer made it openly: wallets that hide each other, or a bundle, are not luck.
 */
export function luckOf(sandwich: Sandwich, activity: ActivityView): string | undefined {
  const signer = plainSigner(sandwich);
  if (signer === undefined) return undefined;
  const known = activity.of(signer);
  if (isTrader(known)) return "a trader active enough for this to be luck";
  const isOnce = sandwich.label === "feasible" && known.sandwiches <= 1;
  return isOnce && isAcross(sandwich) && isRouted(sandwich)
    ? "once, through a router and over several slots: there is no evidence of intent"
    : undefined;
}

/** The one signer of all legs; undefined if several wallets or a bundle were used. */
function plainSigner({ fronts, backs, evidence }: Sandwich): string | undefined {
  const [first, ...others] = [...fronts, ...backs].map(({ signer }) => signer);
  const isPlain =
    others.every((signer) => signer === first) && !evidence.some(({ kind }) => kind === "bundle");
  return isPlain ? first : undefined;
}

function isAcross({ fronts, backs }: Sandwich): boolean {
  return fronts[0]?.slot !== backs.at(-1)?.slot;
}

function isRouted({ fronts, backs }: Sandwich): boolean {
  return [...fronts, ...backs].every(({ program }) => program !== undefined && publicRouters.has(program));
}
