import { Keypair } from "@solana/web3.js";
import { z } from "zod";
import { jsonRpc, type Methods, RpcError, TooManyRequests } from "./json-rpc.ts";
import { baseFeeLamports, computeUnitLimit, type Market, priorityFeeLamports, type Swap } from "./market.ts";
import type { Reply, Request } from "./server.ts";

const SLIPPAGE_EXCEEDED = 6001;
/** The swap, after limit and price. */
const SWAP_INDEX = 2;
const DECIMALS = 9;

/** Answers like a Solana node. */
export function node(market: Market): (request: Request) => Reply {
  return jsonRpc(methods(market));
}

function methods(market: Market): Methods {
  const withContext = (value: unknown): object => ({
    context: { apiVersion: "2.3.3", slot: market.slot },
    value,
  });
  return {
    getHealth: () => {
      if (market.fate !== "behind") return "ok";
      market.skip();
      throw behind();
    },
    getBlockHeight: () => market.height,
    getLatestBlockhash: () =>
      withContext({
        blockhash: Keypair.generate().publicKey.toBase58(),
        lastValidBlockHeight: market.lastValidBlockHeight,
      }),
    sendTransaction: ([wire]) => {
      const swap = market.sent(z.string().parse(wire));
      if (swap === undefined) throw new RpcError(-32602, "invalid transaction: it is no swap");
      if (swap.fate === "behind") throw behind();
      refuseOnce(swap);
      return swap.signature;
    },
    getSignatureStatuses: ([signatures]) =>
      withContext(
        z
          .array(z.string())
          .parse(signatures)
          .map((signature) => status(market, signature)),
      ),
    getTransaction: ([signature]) => transaction(market, z.string().parse(signature)),
  };
}

function behind(): RpcError {
  return new RpcError(-32005, "Node is behind by 42 slots", { numSlotsBehind: 42 });
}

function refuseOnce(swap: Swap): void {
  if (swap.fate !== "rate_limited" || swap.refused > 0) return;
  swap.refused += 1;
  throw new TooManyRequests();
}

function status(market: Market, signature: string): object | null {
  const swap = market.bySignature(signature);
  if (swap === undefined) return null;
  refuseOnce(swap);
  if (!market.look(swap)) return null;
  return { slot: market.slot, confirmations: 1, ...resultOf(swap), confirmationStatus: "confirmed" };
}

function resultOf({ fate }: Swap): object {
  const err = fate === "slippage" ? { InstructionError: [SWAP_INDEX, { Custom: SLIPPAGE_EXCEEDED }] } : null;
  return { err, status: err === null ? { Ok: null } : { Err: err } };
}

function transaction(market: Market, signature: string): object | null {
  const swap = market.bySignature(signature);
  if (swap === undefined) return null;
  const fee = baseFeeLamports + priorityFeeLamports;
  return {
    slot: market.slot,
    blockTime: 1_780_000_000,
    version: 0,
    meta: {
      ...resultOf(swap),
      fee,
      computeUnitsConsumed: computeUnitLimit / 2,
      preBalances: [1_000_000_000],
      postBalances: [1_000_000_000 - fee],
      ...tokenBalances(swap),
      innerInstructions: [],
      loadedAddresses: { readonly: [], writable: [] },
      logMessages: [],
      rewards: [],
    },
    transaction: {
      signatures: [signature],
      message: {
        accountKeys: [swap.taker],
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 0 },
        recentBlockhash: swap.blockhash,
        instructions: [],
        addressTableLookups: [],
      },
    },
  };
}

function tokenBalances({ taker, outMint, outAmount }: Swap): object {
  const balance = (atoms: number): object => ({
    accountIndex: 1,
    mint: outMint,
    owner: taker,
    programId: "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    uiTokenAmount: {
      amount: String(atoms),
      decimals: DECIMALS,
      uiAmount: atoms / 10 ** DECIMALS,
      uiAmountString: String(atoms / 10 ** DECIMALS),
    },
  });
  const before = 1_000_000;
  return { preTokenBalances: [balance(before)], postTokenBalances: [balance(before + outAmount)] };
}
