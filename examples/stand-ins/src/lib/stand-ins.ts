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
  const [atNode, atJupiter, atJito] = await Promise.all([
    serve(node(market)),
    serve(jupiter(market)),
    serve(jito(market)),
  ]);
  return {
    nodeUrl: atNode.url,
    jupiterUrl: atJupiter.url,
    jitoUrl: atJito.url,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([atNode, atJupiter, atJito].map((server) => server[Symbol.asyncDispose]()));
    },
  };
}
