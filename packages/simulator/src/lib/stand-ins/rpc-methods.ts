import { decodeBase58, decodeTransaction, programId, type Transaction } from "@slipstream/solana";
import { z } from "zod";
import { outputToken } from "../market/tokens.ts";
import { readSwap, swapIndex } from "../solana/swap-transaction.ts";
import { isSignedBy } from "../solana/wallet.ts";
import type { Landed, Level } from "./chain.ts";
import { getBlock } from "./get-block.ts";
import { type RpcContext, RpcError, type RpcMethod, SLIPPAGE_EXCEEDED } from "./rpc-call.ts";

/** The methods that the stand-in supports, with answers in the form of Solana's JSON-RPC documentation. */
export const rpcMethods: ReadonlyMap<string, RpcMethod> = new Map<string, RpcMethod>([
  ["getHealth", { medianMs: 2, call: () => "ok" }],
  ["getVersion", { medianMs: 2, call: () => ({ "solana-core": "2.3.3", "feature-set": 3_640_012_085 }) }],
  ["getSlot", { medianMs: 3, call: (_, { chain, nowMs }) => chain.slot(nowMs) }],
  ["getBlockHeight", { medianMs: 3, call: (_, { chain, nowMs }) => chain.height(nowMs) }],
  [
    "getLatestBlockhash",
    { medianMs: 4, call: (_, context) => withContext(context, context.chain.latestBlockhash(context.nowMs)) },
  ],
  [
    "isBlockhashValid",
    {
      medianMs: 3,
      call: ([blockhash], context) =>
        withContext(context, context.chain.isValid(String(blockhash), context.nowMs)),
    },
  ],
  ["simulateTransaction", { medianMs: 16, call: simulateTransaction }],
  ["sendTransaction", { medianMs: 8, call: sendTransaction }],
  ["getSignatureStatuses", { medianMs: 4, call: getSignatureStatuses }],
  ["getTransaction", { medianMs: 9, call: getTransaction }],
  ["getBlock", { medianMs: 20, call: getBlock }],
]);

function withContext({ chain, nowMs }: RpcContext, value: unknown): unknown {
  return { context: { apiVersion: "2.3.3", slot: chain.slot(nowMs) }, value };
}

function simulateTransaction(params: readonly unknown[], context: RpcContext): unknown {
  const options = z.looseObject({ replaceRecentBlockhash: z.boolean().optional() }).safeParse(params[1]);
  const replace = options.success && options.data.replaceRecentBlockhash === true;
  const { chain, nowMs } = context;
  const outcome = simulate(readTransaction(params), context, replace);
  return withContext(context, {
    ...outcome,
    accounts: null,
    innerInstructions: null,
    returnData: null,
    replacementBlockhash: replace ? chain.latestBlockhash(nowMs) : null,
  });
}

function sendTransaction(params: readonly unknown[], context: RpcContext): unknown {
  const transaction = readTransaction(params);
  const payer = decodeBase58(transaction.message.payer, 32);
  if (payer === undefined || !isSignedBy(payer, transaction.messageBytes, transaction.signature)) {
    throw new RpcError(-32003, "Transaction signature verification failure");
  }
  const options = z.looseObject({ skipPreflight: z.boolean().optional() }).safeParse(params[1]);
  if (!(options.success && options.data.skipPreflight === true)) {
    const { err, logs, unitsConsumed } = simulate(transaction, context, false);
    if (err !== null) {
      const message = `Transaction simulation failed: ${describe(err)}`;
      throw new RpcError(-32002, message, { err, logs, unitsConsumed, accounts: null, returnData: null });
    }
  }
  const signature = context.chain.accept(transaction, context.nowMs, context.protection);
  if (signature === undefined)
    throw new RpcError(-32602, "invalid transaction: it contains no supported swap");
  return signature;
}

interface Simulated {
  readonly err: TransactionError;
  readonly logs: readonly string[];
  readonly unitsConsumed: number;
}

type TransactionError = null | string | { InstructionError: [number, { Custom: number }] };

function simulate(transaction: Transaction, context: RpcContext, replace: boolean): Simulated {
  const { chain, nowMs } = context;
  const { message } = transaction;
  const swap = readSwap(message);
  if (swap === undefined) throw new RpcError(-32602, "invalid transaction: it contains no supported swap");
  if (!replace && !chain.isValid(message.recentBlockhash, nowMs)) {
    return { err: "BlockhashNotFound", logs: [], unitsConsumed: 0 };
  }
  const unitsConsumed = Math.round(swap.computeUnitLimit * 0.83);
  const err = chain.simulate(swap, nowMs) === undefined ? slippageError(swapIndex(message)) : null;
  return { err, logs: logsOf(err, unitsConsumed), unitsConsumed };
}

function slippageError(index: number): TransactionError {
  return { InstructionError: [index, { Custom: SLIPPAGE_EXCEEDED }] };
}

function describe(err: TransactionError): string {
  if (err === "BlockhashNotFound") return "Blockhash not found";
  if (err === null || typeof err === "string") return String(err);
  const [index, { Custom: code }] = err.InstructionError;
  return `Error processing Instruction ${index}: custom program error: 0x${code.toString(16)}`;
}

function logsOf(err: TransactionError, unitsConsumed: number): string[] {
  const program = `Program ${programId.jupiter}`;
  const logs = [`${program} invoke [1]`, "Program log: Instruction: Route"];
  if (err !== null) {
    logs.push(
      "Program log: AnchorError occurred. Error Code: SlippageToleranceExceeded. Error Number: 6001.",
    );
  }
  const outcome = err === null ? "success" : "failed: custom program error: 0x1771";
  return [...logs, `${program} consumed ${unitsConsumed} compute units`, `${program} ${outcome}`];
}

function getSignatureStatuses(params: readonly unknown[], context: RpcContext): unknown {
  const signatures = z.array(z.string()).max(256).safeParse(params[0]);
  if (!signatures.success) throw new RpcError(-32602, "Invalid params: expected at most 256 signatures");
  const statuses = signatures.data.map((signature) => {
    const found = context.chain.find(signature, context.nowMs);
    if (found === undefined) return null;
    const { err, status } = resultOf(found.landed);
    const age = context.chain.slot(context.nowMs) - found.landed.slot;
    const confirmations = found.level === "finalized" ? null : age;
    return { slot: found.landed.slot, confirmations, err, status, confirmationStatus: found.level };
  });
  return withContext(context, statuses);
}

const levels: readonly Level[] = ["processed", "confirmed", "finalized"];

function getTransaction(params: readonly unknown[], context: RpcContext): unknown {
  const options = z.looseObject({ commitment: z.enum(["confirmed", "finalized"]) }).safeParse(params[1]);
  const wanted: Level = options.success ? options.data.commitment : "finalized";
  const found = context.chain.find(String(params[0]), context.nowMs);
  if (found === undefined || levels.indexOf(found.level) < levels.indexOf(wanted)) return null;
  const { landed } = found;
  const { swap, message } = landed;
  return {
    slot: landed.slot,
    blockTime: Math.floor(Date.now() / 1000),
    version: "legacy",
    meta: {
      ...resultOf(landed),
      fee: landed.feeLamports,
      computeUnitsConsumed: Math.round(swap.computeUnitLimit * 0.83),
      innerInstructions: [],
      loadedAddresses: { readonly: [], writable: [] },
      logMessages: logsOf(resultOf(landed).err, Math.round(swap.computeUnitLimit * 0.83)),
      ...tokenBalances(landed),
      rewards: [],
    },
    transaction: {
      signatures: [landed.signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 0 },
        accountKeys: [
          ...new Set([message.payer, ...message.instructions.flatMap(({ accounts }) => accounts)]),
        ],
        recentBlockhash: message.recentBlockhash,
        instructions: [],
      },
    },
  };
}

function resultOf(landed: Landed): { err: TransactionError; status: object } {
  const err = landed.out === undefined ? slippageError(swapIndex(landed.message)) : null;
  return { err, status: err === null ? { Ok: null } : { Err: err } };
}

/** The owner's balance of the output token before and after. Clients read a swap's output from these. */
function tokenBalances({ swap, pair, side, out }: Landed): object {
  const { decimals, mint } = outputToken(pair, side);
  const balance = (atoms: bigint): object => ({
    accountIndex: 1,
    mint,
    owner: swap.payer,
    programId: programId.token,
    uiTokenAmount: {
      amount: String(atoms),
      decimals,
      uiAmount: Number(atoms) / 10 ** decimals,
      uiAmountString: String(Number(atoms) / 10 ** decimals),
    },
  });
  const before = 1_000_000n;
  return { preTokenBalances: [balance(before)], postTokenBalances: [balance(before + (out ?? 0n))] };
}

function readTransaction(params: readonly unknown[]): Transaction {
  const text = z.base64().safeParse(params[0]);
  const options = z.looseObject({ encoding: z.literal("base64") }).safeParse(params[1]);
  if (!text.success || !options.success) {
    throw new RpcError(-32602, "Invalid params: a transaction with encoding base64 is expected");
  }
  try {
    return decodeTransaction(Buffer.from(text.data, "base64"));
  } catch (error) {
    throw new RpcError(
      -32602,
      `failed to deserialize transaction: ${error instanceof Error ? error.message : error}`,
    );
  }
}
