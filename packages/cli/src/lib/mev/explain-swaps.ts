import type { ExplainedSwap, Explanation } from "@slipstream/mev";
import { tokenName } from "@slipstream/solana";
import { whole } from "../view/format.ts";
import { atoms, bulleted, errorText, exactly, short, shortened, shortId, wrapped } from "./explain-layout.ts";
import { tableText } from "./numbers.ts";

const MOST_SWAPS = 40;
const MOST_OTHERS = 20;

/** The table of swaps just fits: texts to the left, amounts to the right. */
const narrow = { left: [1, 2, 3, 5, 7], gap: " " };

/** The trade's pools, and the swaps in them. */
export function swapLines(explanation: Explanation): string[] {
  const { pools, swaps, swapsLeftOut } = explanation;
  if (swaps.length === 0) return [];
  const listed = shown(swaps);
  const rows = listed.map((swap) => [
    place(swap, explanation),
    roleText(swap),
    short(swap.signer),
    poolName(swap.pool, explanation),
    ...amounts(swap),
  ]);
  const more = swaps.length - listed.length + swapsLeftOut;
  return [
    ...pools.flatMap(({ pool, protocol, tokens }, at) =>
      wrapped(`${letter(at)} = ${pool}, ${protocol ?? "not decoded"}: ${tokens.map(token).join(" / ")}`),
    ),
    ...tableText(["slot.tx", "what", "signed by", "pool", "in", "", "out", ""], rows, narrow),
    ...(more === 0 ? [] : [`and ${whole(more)} more, farther from the trade (--json has up to 500)`]),
    ...tipLines(listed),
  ];
}

/** Those with a role, and the nearest to the trade. */
function shown(swaps: readonly ExplainedSwap[]): ExplainedSwap[] {
  const own = Math.max(
    0,
    swaps.findIndex(({ role }) => role === "own"),
  );
  const order = swaps
    .map((swap, at) => ({ at, distance: swap.role === null ? Math.abs(at - own) : -1 }))
    .sort((a, b) => a.distance - b.distance);
  const kept = new Set(order.slice(0, MOST_SWAPS).map(({ at }) => at));
  return swaps.filter((_, at) => kept.has(at));
}

function place({ slot, txIndex }: ExplainedSwap, { verdict }: Explanation): string {
  const off = slot === null || verdict.slot === null ? 0 : slot - verdict.slot;
  return `${off > 0 ? "+" : ""}${off}.${txIndex}`;
}

function roleText({ kind, role }: ExplainedSwap): string {
  const what = role === "own" ? "TRADE" : (role ?? "");
  if (kind === "swap") return what;
  return what === "" ? kind : `${what} ${kind}`;
}

function amounts({ swapped }: ExplainedSwap): string[] {
  if (swapped === null) return ["", "", "", ""];
  const { amountIn, tokenIn, amountOut, tokenOut } = swapped;
  return [atoms(amountIn), token(tokenIn), atoms(amountOut), token(tokenOut)];
}

function token(mint: string): string {
  const name = tokenName(mint);
  return name.length <= 6 ? name : `${mint.slice(0, 4)}…`;
}

function letter(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : `#${at + 1}`;
}

function poolName(pool: string | null, { pools }: Explanation): string {
  if (pool === null) return "?";
  const at = pools.findIndex((one) => one.pool === pool);
  return at < 0 ? short(pool) : letter(at);
}

function tipLines(swaps: readonly ExplainedSwap[]): string[] {
  const seen = new Map<string, string>();
  for (const { signature, tips } of swaps) {
    const list = tips.map(
      ({ service, lamports }) => `${whole(Number(lamports))} to ${service ?? "a service"}`,
    );
    if (list.length > 0) seen.set(signature, `${short(signature)} ${list.join(", ")}`);
  }
  return seen.size === 0
    ? []
    : wrapped(`Tips, lamports: ${[...seen.values()].slice(0, MOST_OTHERS).join("; ")}`);
}

export function signerLines({ signers }: Explanation): string[] {
  if (signers.length === 0) return [];
  const listed = [...signers].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_OTHERS);
  const count = (value: number | null): string => (value === null ? "–" : whole(value));
  const rows = listed.map(({ signer, role, swaps, failed, knownSandwiches, knownSwaps }) => [
    short(signer),
    role === "own" ? "the desk" : (role ?? ""),
    count(swaps),
    count(failed),
    count(knownSandwiches),
    count(knownSwaps),
  ]);
  const more = signers.length - listed.length;
  const head = ["", "", "swaps here", "failed", "known sandwiches", "other swaps"];
  return [...tableText(head, rows), ...(more === 0 ? [] : [`and ${whole(more)} more`])];
}

function weight({ role, swaps, failed }: Explanation["signers"][number]): number {
  return (role === null ? 0 : 1e9) + swaps + failed;
}

/** Swaps that could not be read: what they may have done is not in the verdict. */
export function unreadLines({ swaps }: Explanation): string[] {
  const unread = swaps.filter(({ kind }) => kind === "unread");
  const lines = unread.slice(0, MOST_OTHERS).flatMap(({ id, slot, protocol, reason, role }) => {
    const own = role === "own" ? " (of the trade)" : "";
    return bulleted(`${shortId(id)}${own} in slot ${slot}, ${protocol}: ${reason}`);
  });
  const more = unread.length - MOST_OTHERS;
  return more > 0 ? [...lines, `and ${whole(more)} more`] : lines;
}

export function roundTripLines({ roundTrips }: Explanation): string[] {
  return roundTrips
    .slice(0, MOST_OTHERS)
    .flatMap(({ kind, label, fronts, victims, backs, profit, evidence }) => {
      const ids = (all: readonly string[]): string => {
        const named = all.slice(0, 3).map(shortId).join(", ");
        return all.length > 3 ? `${named} and ${all.length - 3} more` : named;
      };
      const what =
        kind === "sandwich"
          ? label
          : kind === "luck"
            ? `${label}, counts as luck`
            : "candidate, does not count";
      const legs = `front ${ids(fronts)}; back ${ids(backs)}; victims ${ids(victims)}`;
      const why = evidence.filter(({ kind }) => kind !== "profit").map(({ detail }) => shortened(detail));
      const earned = `${atoms(profit.atoms)} atoms of ${token(profit.token)}`;
      return bulleted(`${what}: ${legs}; profit ${earned}. ${why.join("; ")}`);
    });
}

/** What each swap received, and what it would have received. */
export function replayLines(explanation: Explanation): string[] {
  return explanation.replays.flatMap(({ pool, swap, state, fee, residual, received }) => {
    const about = `Pool ${poolName(pool, explanation)}, ${state}, fee ${fee}, ${errorText(residual)}:`;
    const rows = received
      .slice(0, MOST_OTHERS)
      .map(({ id, observed, replayed, withoutAttacker }) => [
        id === swap ? "TRADE" : shortId(id),
        ...[observed, replayed, withoutAttacker].map(exactly),
      ]);
    const more = received.length - rows.length;
    const head = ["atoms received", "observed", "replayed", "not attacked"];
    const table = tableText(head, rows);
    return [...wrapped(about), ...table, ...(more > 0 ? [`and ${whole(more)} more`] : [])];
  });
}
