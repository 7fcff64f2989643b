import type { BlockTransaction } from "@slipstream/solana";
import { parseBlockText } from "@slipstream/solana/block";
import { fixtureText, realBlockName } from "@slipstream/testing/fixtures";
import { describe, expect, it } from "vitest";
import { decodeBlock } from "../swaps/decode-block.ts";
import type { Swap } from "../swaps/swap.ts";

const blocks = [realBlockName, "field/06-route-hops-unread/input.json"];

/** The bonding curves' money is lamports, which are in no token account. */
const withoutVaults: ReadonlySet<string> = new Set(["PumpFun"]);

/** Changes of the balances of the token accounts that the swap's instruction lists, in one token, but for the signer's. */
function changesOf(
  { tokenBalances, instructions, signer }: BlockTransaction,
  swap: Swap,
  mint: string,
): bigint[] {
  const label = swap.id.slice(swap.signature.length + 1).replace(/\/\d+$/, "");
  const { accounts = [] } = instructions.find((one) => one.label === label) ?? {};
  return [...new Set(accounts)].flatMap((account) => {
    const balance = tokenBalances.get(account);
    if (balance === undefined || balance.mint !== mint || balance.owner === signer) return [];
    return balance.after - balance.before;
  });
}

describe.each(blocks)("every swap of %s", (name) => {
  const text = fixtureText(name);

  it.skipIf(text === undefined)("moved the pool's balances by its amounts, to the atom", () => {
    const block = parseBlockText(text ?? "");
    const { swaps } = decodeBlock(block, 1);
    const compared = new Set<string>();
    for (const swap of swaps) {
      const transaction = block.transactions[swap.txIndex];
      const inPool = swaps.filter(
        ({ signature, pool }) => signature === swap.signature && pool === swap.pool,
      );
      if (transaction === undefined || inPool.length > 1 || withoutVaults.has(swap.protocol)) continue;
      expect(changesOf(transaction, swap, swap.tokenIn), swap.id).toContain(swap.amountIn);
      expect(changesOf(transaction, swap, swap.tokenOut), swap.id).toContain(-swap.amountOut);
      compared.add(swap.protocol);
    }
    expect(compared).toEqual(
      new Set(swaps.map(({ protocol }) => protocol).filter((one) => !withoutVaults.has(one))),
    );
  });
});
