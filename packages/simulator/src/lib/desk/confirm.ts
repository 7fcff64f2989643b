import { setTimeout as delay } from "node:timers/promises";
import type { Attributes, Span } from "@opentelemetry/api";
import { attribute, spanName } from "@slipstream/conventions";
import { NEWEST_TRANSACTION_VERSION } from "@slipstream/solana";
import { z } from "zod";
import { BASE_FEE_LAMPORTS } from "../solana/swap-transaction.ts";
import type { Calls } from "./calls.ts";
import { TradeFailure } from "./failure.ts";
import { CallError } from "./http-client.ts";
import { callNode, type Prepared, type Signed } from "./steps.ts";
import type { Venue } from "./venue.ts";

const FIRST_POLL_MS = 350;
const POLL_MS = 200;
/** After this many answers of "not seen", the desk checks whether the blockhash is still valid. */
const POLLS_A_HEIGHT = 5;
/** Time after which the desk gives up on a node that no longer answers. */
const GIVE_UP_MS = 45_000;

export interface Confirmation {
  readonly slot: number;
  readonly reverted: boolean;
}

const statusesAnswer = z.looseObject({
  value: z.array(
    z
      .looseObject({
        slot: z.int(),
        err: z.unknown(),
        confirmationStatus: z.enum(["processed", "confirmed", "finalized"]),
      })
      .nullable(),
  ),
});

/** Polls until the transaction is confirmed. Fails if its blockhash expires first. */
export function confirm(
  venue: Venue,
  calls: Calls,
  signed: Signed,
  prepared: Prepared,
): Promise<Confirmation> {
  const attributes = { [attribute.solanaSignature]: signed.signature };
  const poll = async (span: Span | undefined): Promise<Confirmation> => {
    const giveUpMs = venue.clock.now() + GIVE_UP_MS;
    let unseen = 0;
    for (let polls = 0; venue.clock.now() < giveUpMs; polls++) {
      await pause(venue, polls === 0 ? FIRST_POLL_MS : POLL_MS);
      const status = await unlessDown(() => pollStatus(venue, calls, signed));
      if (status !== null && status !== undefined && status.confirmationStatus !== "processed") {
        span?.setAttribute(attribute.solanaSlot, status.slot);
        return { slot: status.slot, reverted: status.err !== null };
      }
      if (status === null && ++unseen % POLLS_A_HEIGHT === 0) {
        const height = await unlessDown(() => callNode(venue, calls, "getBlockHeight", [], z.int()));
        if (height !== undefined && height > prepared.lastValidBlockHeight) {
          throw new TradeFailure("blockhash_expired");
        }
      }
    }
    throw new TradeFailure("unconfirmed");
  };
  return calls.track(spanName.solanaConfirm, poll, { attributes });
}

async function pollStatus(
  venue: Venue,
  calls: Calls,
  { signature }: Signed,
): Promise<z.infer<typeof statusesAnswer>["value"][number]> {
  const { value } = await callNode(venue, calls, "getSignatureStatuses", [[signature]], statusesAnswer);
  return value[0] ?? null;
}

export interface Settlement {
  readonly slot: number;
  readonly priorityFeeLamports: number;
  readonly baseFeeLamports: number;
  /** Output, in atoms. */
  readonly out: bigint;
}

const balances = z.array(
  z.looseObject({
    owner: z.string(),
    mint: z.string(),
    uiTokenAmount: z.looseObject({ amount: z.string().regex(/^\d+$/).transform(BigInt) }),
  }),
);
const transactionAnswer = z
  .looseObject({
    slot: z.int(),
    meta: z.looseObject({ fee: z.int(), preTokenBalances: balances, postTokenBalances: balances }),
  })
  .nullable();

const SETTLE_ATTEMPTS = 4;

/** What the transaction cost and returned; undefined if the node cannot be asked. */
export async function settle(
  venue: Venue,
  calls: Calls,
  { signature }: Signed,
  outputMint: string,
): Promise<Settlement | undefined> {
  const params = [
    signature,
    { encoding: "json", commitment: "confirmed", maxSupportedTransactionVersion: NEWEST_TRANSACTION_VERSION },
  ];
  for (let attempt = 1; attempt <= SETTLE_ATTEMPTS; attempt++) {
    if (attempt > 1) await pause(venue, POLL_MS);
    const found = await unlessDown(() =>
      callNode(venue, calls, "getTransaction", params, transactionAnswer, (answer) =>
        answer === null ? {} : settledAttributes(signature, answer),
      ),
    );
    if (found === null || found === undefined) continue;
    const { slot, meta } = found;
    const held = (list: z.infer<typeof balances>): bigint =>
      list
        .filter(({ owner, mint }) => owner === venue.wallet.address && mint === outputMint)
        .reduce((sum, { uiTokenAmount }) => sum + uiTokenAmount.amount, 0n);
    return {
      slot,
      baseFeeLamports: BASE_FEE_LAMPORTS,
      priorityFeeLamports: meta.fee - BASE_FEE_LAMPORTS,
      out: held(meta.postTokenBalances) - held(meta.preTokenBalances),
    };
  }
  return undefined;
}

function settledAttributes(
  signature: string,
  { slot, meta }: NonNullable<z.infer<typeof transactionAnswer>>,
): Attributes {
  return {
    [attribute.solanaSignature]: signature,
    [attribute.solanaSlot]: slot,
    [attribute.solanaPriorityFeeLamports]: meta.fee - BASE_FEE_LAMPORTS,
    [attribute.solanaBaseFeeLamports]: BASE_FEE_LAMPORTS,
  };
}

async function pause({ stopped }: Venue, ms: number): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stopped });
  } catch (error) {
    throw new TradeFailure("stopped", error);
  }
}

/** Undefined if the node did not answer. Repeated polls can simply ask again. */
async function unlessDown<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CallError && error.kind !== "stopped") return undefined;
    throw error instanceof CallError ? new TradeFailure("stopped", error) : error;
  }
}
