import { builtBlock, simpleSwap } from "@slipstream/testing/build-block";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { tipsIn } from "../../programs/tips.ts";
import { BlockError } from "../block-error.ts";
import { parseBlockText } from "../parse-block.ts";

// What a node answers: it is read, or refused with the place. What was read can be looked at without an error.

export const target: FuzzTarget = {
  seeds: () => [
    Buffer.from(JSON.stringify(builtBlock(simpleSwap()))),
    Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, result: builtBlock(simpleSwap()) })),
  ],
  tokens: [
    ...[
      '"transactions":',
      '"meta":',
      '"message":',
      '"instructions":',
      '"accountKeys":',
      '"innerInstructions":',
    ],
    ...[
      '"loadedAddresses":',
      '"version":',
      '"legacy"',
      '"err":null',
      '"data":"',
      '"programIdIndex":',
      '"stackHeight":',
    ],
    ...["null", "[]", "{}", "-1", "1e400", "18446744073709551616", '"1111"', "[[[[[[[["],
  ],
  run: (input) => {
    try {
      for (const transaction of parseBlockText(Buffer.from(input).toString()).transactions)
        tipsIn(transaction);
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
    }
  },
};
