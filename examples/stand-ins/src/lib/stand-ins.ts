import { type Fate, fates } from "./fate.ts";
import { jito } from "./jito.ts";
import { jupiter } from "./jupiter.ts";
import { Market } from "./market.ts";
import { node } from "./node.ts";
import { serve } from "./server.ts";

export interface StandIns extends AsyncDisposable {
  readonly nodeUrl: string;
  readonly jupiterUrl: string;
  readonly jitoUrl: string;
}

/**
 * Starts stand-ins of a Solana node, of Jupiter and of Jito, each on a free port of the loopback interface. Their answers have the shapes of
 * the services' documentation, with made-up values.
 *
 * @param of the trades, in their order
 */
export async function startStandIns(of: readonly Fate[] = fates): Promise<StandIns> {
  const market = new Market(of);
  const [atNode, atJupiter, atJito] = await Promise.all(
    [node(market), jupiter(market), jito(market)].map(serve),
  );
  const all = [atNode, atJupiter, atJito];
  const url = (index: number): string => all[index]?.url ?? "";
  return {
    nodeUrl: url(0),
    jupiterUrl: url(1),
    jitoUrl: url(2),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((server) => server?.[Symbol.asyncDispose]()));
    },
  };
}
