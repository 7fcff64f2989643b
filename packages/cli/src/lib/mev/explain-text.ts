import type { ExplainedSlot, ExplainedVerdict, Explanation } from "@slipstream/mev";
import { fixed, whole } from "../view/format.ts";
import { bulleted, errorText, fields, short, shortened } from "./explain-layout.ts";
import { replayLines, roundTripLines, signerLines, swapLines, unreadLines } from "./explain-swaps.ts";
import { tableText, usd } from "./numbers.ts";

/**
 * An explanation for people, at most 80 columns wide. Addresses and long amounts are shortened; JSON has them
 * whole.
 */
export function explainText(explanation: Explanation): string {
  return [
    ...headLines(explanation),
    ...section("Evidence", evidenceLines(explanation)),
    ...section("Slots", slotLines(explanation)),
    ...section(swapsTitle(explanation), swapLines(explanation)),
    ...section("Who signed", signerLines(explanation)),
    ...section("Not decoded", unreadLines(explanation)),
    ...section("Round trips around it", roundTripLines(explanation)),
    ...section("Replay", replayLines(explanation)),
    ...section(
      "Not shown",
      explanation.notes.flatMap((note) => bulleted(note)),
    ),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function headLines({ trade, verdict, why, judgedAgain, source }: Explanation): string[] {
  const { id, pair, side, sizeUsd, status, time, signature } = trade;
  const what = [side ?? undefined, pair ?? undefined, sizeUsd === null ? undefined : `of ${usd(sizeUsd)}`];
  const about = [
    what.filter((one) => one !== undefined).join(" "),
    status,
    time === null ? null : clock(time),
  ];
  const { slot, leader } = verdict;
  return fields([
    ["Trade", id],
    ["", about.filter((one) => one !== null && one !== "").join(", ")],
    ["Transaction", signature ?? "not known"],
    ["Slot", slot === null ? "not known" : `${slot}${leader === null ? "" : `, leader ${short(leader)}`}`],
    ["Verdict", `${verdictText(verdict)}, ${verdict.state}`],
    ["Confidence", `${verdict.confidence}: ${why}`],
    ["Why unknown", verdict.reason ?? ""],
    ["Lost", lossText(verdict)],
    ["Attackers", verdict.attackers.map((one) => short(one)).join(", ")],
    ["Protection", protectionText(trade)],
    ["Tips", tipsText(trade)],
    ["Judged on", source === null ? "" : sources[source]],
    [
      "But",
      judgedAgain === null
        ? ""
        : `what is shown below gives ${verdictText(judgedAgain)}, confidence ${judgedAgain.confidence}${judgedAgain.reason === null ? "" : ` (${judgedAgain.reason})`}. What was known of the attackers, or of the slots, was different when it was judged.`,
    ],
  ]);
}

const sources = {
  aggregator: "the slots that the aggregator holds",
  log: "what the log recorded of the chain",
  blocks: "the blocks, read again",
  "log and blocks": "the log, and blocks read again where it has gaps",
} as const;

function clock(iso: string): string {
  return `${iso.replace("T", " ").slice(0, 19)} UTC`;
}

function verdictText({ verdict, label }: ExplainedVerdict): string {
  return label === null ? verdict : `${verdict} (${label})`;
}

function lossText({ verdict, loss, lossReason }: ExplainedVerdict): string {
  if (verdict !== "impacted") return "";
  if (loss === null) return `not known: ${lossReason ?? "no reason was stored"}`;
  const dollars = loss.usd === null ? "" : `${usd(loss.usd)}, `;
  return `${dollars}${fixed(1e4 * loss.ratio, 1)} bps: ${loss.atoms} atoms of ${short(loss.token)} (replay: ${errorText(loss.residual)})`;
}

function protectionText({ protection, protectionSource }: Explanation["trade"]): string {
  if (protectionSource === "named") return `${protection}, named by the trade`;
  if (protectionSource === "tip") return `${protection}, shown by its tip; the trade names none`;
  return `${protection}: the trade names none, and no tip shows one`;
}

function tipsText({ tips, tipsPaid, namedTipLamports }: Explanation["trade"]): string {
  const named = namedTipLamports === null ? "" : `; the trade names ${whole(namedTipLamports)} lamports`;
  if (tips === null) return `not known${named}`;
  if (tips.length === 0) return `none${named}`;
  const list = tips.map(({ service, lamports, transaction }) => {
    const to = service === null ? "" : ` to ${service}`;
    const where = transaction === null ? "" : ` (in ${short(transaction)}, next to it)`;
    return `${whole(Number(lamports))} lamports${to}${where}`;
  });
  return `${list.join(", ")}${tipsPaid === false ? ", offered but not paid" : ""}${named}`;
}

function evidenceLines({ verdict, slots }: Explanation): string[] {
  // Missing slots are listed with the others.
  const evidence = verdict.evidence.filter(({ kind }) => kind !== "slot" || slots.length === 0);
  return evidence.flatMap(({ kind, detail }) => bulleted(`${kind}: ${shortened(detail)}`));
}

function slotLines({ slots, verdict }: Explanation): string[] {
  if (slots.length === 0) return [];
  const rows = slots.map((one) => [
    one.slot === verdict.slot ? "its own" : offset(one.slot, verdict.slot),
    String(one.slot),
    seenText(one),
    one.leader === null ? "–" : short(one.leader),
    ...[one.swaps, one.failed, one.unread].map((count) =>
      one.seen === "missing" && count === 0 ? "–" : String(count),
    ),
  ]);
  const lines = tableText(["", "slot", "seen", "leader", "swaps", "failed", "unread"], rows);
  const reasons = slots.flatMap(({ slot, reason }) =>
    reason === null ? [] : bulleted(`slot ${slot} ${reason}`),
  );
  return [...lines, ...reasons.map(shortened)];
}

function offset(slot: number, own: number | null): string {
  return own === null ? "" : `${slot < own ? "−" : "+"}${Math.abs(slot - own)}`;
}

function seenText({ seen }: ExplainedSlot): string {
  const texts = { whole: "whole block", pools: "its pools", skipped: "no block", missing: "NO" } as const;
  return texts[seen];
}

function swapsTitle({ pools, swaps, swapsLeftOut }: Explanation): string {
  const all = swaps.length + swapsLeftOut;
  const where = pools.length === 1 ? "its pool" : `its ${pools.length} pools`;
  return `Swaps in ${where}, in order (${whole(all)})`;
}
