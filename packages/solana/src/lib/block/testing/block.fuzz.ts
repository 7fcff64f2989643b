import { builtBlock, simpleSwap } from "@slipstream/testing/build-block";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { tipsIn } from "../../programs/tips.ts";
import { BlockError } from "../block-error.ts";
import { ReadInstruction } from "../instruction.ts";
import type { Block } from "../model.ts";
import { parseBlockText, readBlock } from "../parse-block.ts";

// What a node answers: it is read, or refused with the place, and in the same way from its bytes as from its text. What was read can be
// looked at without an error.

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
    ...[
      '"rewards":',
      '"preTokenBalances":',
      '"uiTokenAmount":{"amount":"',
      '"err":',
      '"fee":',
      "\\u0061",
      '\\"',
    ],
    ...["null", "[]", "{}", "-1", "1e400", "18446744073709551616", '"1111"', "[[[[[[[["],
  ],
  run: (input) => {
    const text = told(() => parseBlockText(new TextDecoder().decode(input)));
    const bytes = told(() => readBlock(input));
    if (bytes !== text) throw new Error(`the text is read as ${text}, and its bytes as ${bytes}`);
  },
};

/** All that a reader says of a block. */
function told(read: () => Block): string {
  try {
    const block = read();
    for (const transaction of block.transactions) tipsIn(transaction);
    return JSON.stringify(block, plain);
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    return error.message;
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return [...value];
  if (value instanceof ReadInstruction) return { ...value, place: value.place, label: value.label };
  return value;
}
