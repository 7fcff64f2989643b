import { type Explanation, verdictEvidenceKinds, verdictKinds } from "@slipstream/mev/verdicts";
import { z } from "zod";
import { maybe, named, number, text, texts } from "./named.ts";

const tip = z.strictObject({
  service: maybe(z.string(), "Landing service. `null` if only the sum is known."),
  lamports: text("Lamports."),
  transaction: maybe(z.string(), "The transaction that paid it, if it is another one."),
});

const trade = z.strictObject({
  id: text("`trade.id`."),
  signature: maybe(z.string(), "Its transaction."),
  instruction: maybe(z.string(), "Which of several trades of one transaction."),
  traceId: maybe(z.string(), "Trace id."),
  time: maybe(z.string(), "End of the trade."),
  status: maybe(z.string(), "success or failed."),
  pair: maybe(z.string(), "`trade.pair`."),
  side: maybe(z.string(), "buy or sell."),
  sizeUsd: maybe(z.number(), "Size, in USD."),
  namedSlot: maybe(z.number(), "Slot that the trade names."),
  namedProtection: maybe(z.string(), "Protection that the trade names."),
  namedTipLamports: maybe(z.number(), "Tip that the trade names, in lamports."),
  protection: text("Protection that it counts with."),
  protectionSource: maybe(z.enum(["named", "tip"]), "Whether the trade names it, or its tip shows it."),
  tips: z.array(tip).nullable().describe("Tips of its transaction on the chain. `null`: not found."),
  tipsPaid: maybe(z.boolean(), "A failed transaction offers tips and pays none."),
});

const verdict = named(
  "Verdict",
  z.strictObject({
    verdict: z.enum(verdictKinds).describe("The verdict."),
    state: z.enum(["provisional", "final"]).describe("Final ones never change."),
    confidence: z.enum(["high", "medium", "low"]).describe("How certain it is, given what could be read."),
    reason: maybe(z.string(), "Why it is unknown."),
    label: maybe(z.string(), "Label of the sandwich."),
    loss: z
      .strictObject({
        atoms: text("Atoms of the token that the trade did not receive."),
        token: text("Mint of the token."),
        ratio: number("Loss / what it would have received."),
        residual: number("Largest relative error of the replay."),
        usd: maybe(z.number(), "The loss in USD. `null`: the size of the trade is not known."),
      })
      .nullable()
      .describe("What the trade lost."),
    lossReason: maybe(z.string(), "Why the loss is not known."),
    evidence: z
      .array(
        z.strictObject({
          kind: z.enum(verdictEvidenceKinds).describe("Kind."),
          detail: text("In words."),
        }),
      )
      .describe("What it rests on."),
    attackers: texts("Who controls the legs."),
    front: maybe(z.string(), "Transaction of the front run."),
    back: maybe(z.string(), "Transaction of the back run."),
    slot: maybe(z.number(), "Slot of the trade."),
    leader: maybe(z.string(), "Leader of the slot."),
  }),
);

const slot = z.strictObject({
  slot: number("Number."),
  seen: z
    .enum(["whole", "pools", "skipped", "missing"])
    .describe(
      "All of the block is known; the trade's pools are; there is no block; or the pools are not all known.",
    ),
  reason: maybe(z.string(), "Why it is missing."),
  leader: maybe(z.string(), "Its leader."),
  swaps: number("Swaps in the trade's pools."),
  failed: number("Failed swaps in them."),
  unread: number("Swaps in them that cannot be read."),
});

const swap = z.strictObject({
  kind: z.enum(["swap", "failed", "unread"]).describe("Whether it happened, failed, or cannot be read."),
  role: maybe(
    z.enum(["own", "front", "back", "victim", "desk"]),
    "The trade's, a leg or victim of a round trip around it, another one of the desk, or anything else.",
  ),
  id: text("Signature:instruction."),
  slot: maybe(z.number(), "Its slot."),
  txIndex: number("Position of the transaction in the block."),
  eventIndex: number("Position in the transaction."),
  signature: text("Its transaction."),
  signer: text("The fee payer."),
  program: maybe(z.string(), "Program of the top-level instruction."),
  protocol: text("Protocol of the pool."),
  pool: maybe(z.string(), "The pool."),
  swapped: z
    .strictObject({
      tokenIn: text("Mint that was paid."),
      tokenOut: text("Mint that was received."),
      amountIn: text("Atoms paid."),
      amountOut: text("Atoms received."),
      reserveIn: maybe(z.string(), "The pool's reserve of the paid token before it, in atoms."),
      reserveOut: maybe(z.string(), "The pool's reserve of the received token before it, in atoms."),
    })
    .nullable()
    .describe("The amounts. `null` unless `kind` is `swap`."),
  reason: maybe(z.string(), "Why it cannot be read."),
  tips: z.array(tip).describe("Tips of its transaction."),
  bundleId: maybe(z.string(), "Jito's bundle id."),
});

const roundTrip = z.strictObject({
  pool: text("The pool."),
  kind: z
    .enum(["sandwich", "luck", "candidate"])
    .describe("It counts; it counts as luck, by who made it; or it did not pay off or does not match."),
  label: text("Label."),
  fronts: texts("Ids of the front legs."),
  victims: texts("Ids of the swaps between."),
  backs: texts("Ids of the back legs."),
  attackers: texts("Who controls the legs."),
  profit: z
    .strictObject({
      atoms: text("Atoms of the token."),
      token: text("Mint of the token."),
      matched: number("Share of the front legs' output that the back legs sold."),
    })
    .describe("What it brought."),
  evidence: z
    .array(z.strictObject({ kind: text("Kind."), detail: text("In words.") }))
    .describe("What shows it."),
});

const replay = z.strictObject({
  pool: text("The pool."),
  swap: text("Id of the trade's swap."),
  state: text("Where the pool's state comes from."),
  fee: text("Where the pool's fee comes from."),
  residual: number("Largest relative error."),
  received: z
    .array(
      z.strictObject({
        id: text("Id of the swap."),
        observed: text("Atoms that it received."),
        replayed: text("Atoms that it receives in the replay."),
        withoutAttacker: text("Atoms that it receives if the attacker's legs are left out."),
      }),
    )
    .describe("Swaps from the first leg to the last that are not the attacker's."),
});

const signer = z.strictObject({
  signer: text("Who signed."),
  role: maybe(z.enum(["own", "attacker"]), "The desk's own, an attacker, or another."),
  swaps: number("Swaps in the trade's pools, in these slots."),
  failed: number("Failed ones."),
  knownSandwiches: maybe(z.number(), "Sandwiches that it was known for before."),
  knownSwaps: maybe(z.number(), "Other swaps of it that were counted before."),
});

/** The answer of `/api/mev/explain`. */
export const explainSchema: z.ZodType<Explanation> = named(
  "Explanation",
  z.strictObject({
    trade: trade.describe("The trade."),
    verdict: verdict.describe("The verdict."),
    why: text("In words, why the confidence is what it is."),
    judgedAgain: verdict
      .nullable()
      .describe("What the facts below give if they are judged again, if that differs."),
    source: maybe(
      z.enum(["aggregator", "log", "blocks", "log and blocks"]),
      "Where the facts below come from.",
    ),
    slots: z.array(slot).describe("The slots that can hold a sandwich around the trade."),
    pools: z
      .array(
        z.strictObject({
          pool: text("Address."),
          protocol: maybe(z.string(), "Protocol."),
          tokens: texts("Mints."),
        }),
      )
      .describe("The trade's pools."),
    swaps: z.array(swap).describe("What happened in them, in chain order."),
    swapsLeftOut: number("Swaps that are not listed: those farthest from the trade."),
    roundTrips: z.array(roundTrip).describe("Round trips around the trade."),
    replays: z.array(replay).describe("The pools with and without the attackers."),
    signers: z.array(signer).describe("Who signed the swaps, and what was known of them."),
    notes: texts("What cannot be shown, and how to see it."),
  }),
);
