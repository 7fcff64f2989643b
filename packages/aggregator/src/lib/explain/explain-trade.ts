import { SlipstreamError } from "@slipstream/conventions";
import {
  type ExplainedSigner,
  type ExplainedTrade,
  type Explanation,
  type FactSource,
  isSameVerdict,
  type OwnTrade,
  type VerdictBasis,
  VerdictTracker,
  whyOf,
  withoutFacts,
} from "@slipstream/mev";
import type { HistoryReader } from "../history/query.ts";
import type { BlockSource } from "../watcher/block-source.ts";
import { readBlocks } from "./block-facts.ts";
import { type FoundTrade, findTrade } from "./find-trade.ts";
import { chainNear } from "./log-facts.ts";
import { storedBasis, storedTrade, storedVerdict, tradeFacts } from "./stored-verdict.ts";

/** Where an explanation is made from. */
export interface ExplanationSources {
  readonly history: Pick<HistoryReader, "find">;
  /** A data folder whose log holds what was seen of the chain; undefined if there is none. */
  readonly log?: string | undefined;
  /** Where to read blocks that the log does not hold. */
  readonly blocks?: BlockSource | undefined;
}

/**
 * One trade's verdict and what it rests on: as stored, with the facts from the log, and from the blocks where
 * the log has gaps.
 *
 * @param text a trade id, a trace id or a transaction signature
 * @throws SlipstreamError `trade_unknown`, `trade_ambiguous`, `no_verdict`, and what the history and the log
 * throw
 */
export async function explainTrade(sources: ExplanationSources, text: string): Promise<Explanation> {
  const found = await findTrade(sources.history, text);
  const own = ownTrade(found, text);
  const facts = tradeFacts(found, own);
  const basis = found.verdict === undefined ? undefined : storedBasis(found.verdict);
  const tracker = trackerFor(own, basis);
  const gathered = await gather(sources, found, own, tracker);
  const stored = found.verdict === undefined ? undefined : storedVerdict(found.verdict);
  if (gathered.source === undefined) {
    if (stored === undefined) throw waits(facts, sources, gathered.watched);
    return { ...withoutFacts(facts, stored), notes: gathered.notes };
  }
  const judged = tracker.explain(own, gathered.source, basis);
  const explanation = { ...judged, trade: joined(facts, judged.trade) };
  const notes = [...gathered.notes, ...missingNotes(judged, sources)];
  if (stored === undefined) {
    const note =
      "No verdict is stored: this one was made now, without what is known of attackers from before.";
    return { ...explanation, signers: judged.signers.map((one) => known(one, {})), notes: [note, ...notes] };
  }
  const isSame = isSameVerdict(stored, judged.verdict);
  const attackers = isSame ? judged.verdict.attackers : stored.attackers;
  return {
    ...explanation,
    verdict: { ...stored, attackers },
    why: whyOf(stored),
    judgedAgain: isSame ? null : judged.verdict,
    signers: judged.signers.map((one) => known(one, basis ?? {})),
    notes,
  };
}

/** Judges by the window that counted then. */
function trackerFor(trade: OwnTrade, basis: VerdictBasis | undefined): VerdictTracker {
  const distance = basis?.distance;
  const tracker = new VerdictTracker({
    keepSlots: Number.MAX_SAFE_INTEGER,
    ...(distance === undefined ? {} : { maxSlotDistance: distance }),
  });
  tracker.addTrade(trade);
  return tracker;
}

/** A signer with what was stored of what was known then; it is not in the blocks around one trade. */
function known(signer: ExplainedSigner, { actors = [], activity = [] }: VerdictBasis): ExplainedSigner {
  const [, sandwiches = null] = actors.find(([address]) => address === signer.signer) ?? [];
  const [, swaps = null] = activity.find(([address]) => address === signer.signer) ?? [];
  return { ...signer, knownSandwiches: sandwiches, knownSwaps: swaps };
}

/** @throws SlipstreamError `no_verdict` if it never had a transaction on the chain */
function ownTrade(found: FoundTrade, text: string): OwnTrade {
  const { trade, verdict } = found;
  const own = storedTrade(found);
  if (own === undefined) {
    throw noVerdict(
      `Trade "${text}" names no transaction, so it cannot be found on the chain and has no verdict. Set solana.signature on its span.`,
    );
  }
  if (verdict === undefined && trade?.status === "failed" && trade.slot === null)
    throw noVerdict(
      `Trade "${text}" failed and names no slot: it never reached the chain, so nobody could attack it.`,
    );
  return own;
}

interface Gathered {
  /** undefined if nothing near the trade was found. */
  readonly source: FactSource | undefined;
  /** Whether the log has anything of the chain. */
  readonly watched: boolean;
  readonly notes: readonly string[];
}

/** Tells the tracker what can be found of the slots around the trade. */
async function gather(
  { log, blocks }: ExplanationSources,
  { trade, verdict }: FoundTrade,
  own: OwnTrade,
  tracker: VerdictTracker,
): Promise<Gathered> {
  const slot = verdict?.slot ?? own.slot;
  const timeUs = trade?.timestamp ?? verdict?.timestamp;
  const { logged, watched } =
    log === undefined || slot === null ? nothingLogged : readLogged(log, slot, timeUs, tracker);
  const { read, failures } = blocks === undefined ? nothingRead : await readBlocks(blocks, tracker, own);
  const source = logged ? (read > 0 ? "log and blocks" : "log") : read > 0 ? "blocks" : undefined;
  // If slots are shown, each says itself why it could not be read.
  const notes = source === undefined ? [...goneNotes({ log, blocks }, slot), ...failures] : [];
  return { source, watched, notes };
}

const nothingLogged = { logged: false, watched: false };

/** Blocks are read soon after their trade, unless its time is that of a recording: then all of the log is searched. */
function readLogged(
  log: string,
  slot: number,
  timeUs: number | undefined,
  tracker: VerdictTracker,
): { readonly logged: boolean; readonly watched: boolean } {
  let watched = false;
  for (const timeMs of timeUs === undefined ? [null] : [timeUs / 1_000, null]) {
    let logged = false;
    for (const batch of chainNear(log, slot, timeMs)) {
      watched = true;
      for (const one of batch.slots) tracker.addSlot(one);
      for (const one of batch.skipped) tracker.addSkipped(one);
      for (const one of batch.failed) tracker.addFailure(one.slot, one.reason);
      if (batch.finalized !== null) tracker.finalize(batch.finalized);
      logged ||= batch.slots.length + batch.skipped.length + batch.failed.length > 0;
    }
    if (logged) return { logged, watched };
  }
  return { logged: false, watched };
}

const nothingRead = { read: 0, failures: [] };

const READ_AGAIN =
  "To read the blocks, name a node (--rpc URL) or a folder of recorded blocks (--blocks FOLDER).";

function goneNotes({ blocks }: Pick<ExplanationSources, "log" | "blocks">, slot: number | null): string[] {
  const what =
    "This is what was stored. The swaps around the trade, who signed them and the replay cannot be shown";
  if (slot === null) return [`${what}: its slot is not known.`];
  const why = `${what}: the log no longer holds the slots around ${slot}.`;
  return blocks === undefined ? [why, READ_AGAIN] : [why];
}

/** What the window lacks. */
function missingNotes({ slots }: Explanation, { blocks }: ExplanationSources): string[] {
  const missing = slots.filter(({ seen }) => seen === "missing").length;
  if (missing === 0 || blocks !== undefined) return [];
  return [
    `${missing} of ${slots.length} slots are not known here, or not in all of the trade's pools. ${READ_AGAIN}`,
  ];
}

function waits(trade: ExplainedTrade, { blocks }: ExplanationSources, watched: boolean): SlipstreamError {
  const remedy =
    watched || blocks !== undefined
      ? "Its blocks have not been read yet: ask again in a few seconds."
      : "No blocks were read near it: run slipstream aggregate with --rpc URL or --blocks FOLDER, or give one of them here.";
  return noVerdict(`Trade "${trade.id}" has no verdict yet. ${remedy}`);
}

/** The facts of the history, with what the chain shows of the tips. */
function joined(facts: ExplainedTrade, judged: ExplainedTrade): ExplainedTrade {
  const { tips, tipsPaid } = judged.tips === null ? facts : judged;
  const shown = facts.protectionSource === null ? judged : facts;
  return { ...facts, tips, tipsPaid, protection: shown.protection, protectionSource: shown.protectionSource };
}

function noVerdict(message: string): SlipstreamError {
  return new SlipstreamError("no_verdict", message, { field: "trade" });
}
