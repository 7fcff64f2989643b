import { appendTo } from "../sandwich/append-to.ts";
import type { SwapReserves } from "../swaps/swap.ts";
import type { RawEvent } from "./event-schema.ts";

/**
 * The reserves before each swap, by input and output token. Events give reserves 0 and 1 without their
 * tokens. On EVM chains, token 0 has the lower address; elsewhere any order occurs. Of the two ways to read a
 * pool, this takes the one under which its swaps follow from each other. If there is no difference, token 0
 * is the one whose name sorts first.
 * @returns One entry per event; undefined if the event has no reserves.
 */
export function orientReserves(events: readonly RawEvent[]): (SwapReserves | undefined)[] {
  const byPool = new Map<string, number[]>();
  for (const [index, event] of events.entries()) {
    if (pairOf(event, "pre") === undefined && pairOf(event, "post") === undefined) continue;
    const key = [event.pool, ...[event.tokenIn, event.tokenOut].sort()].join(" ");
    appendTo(byPool, key, index);
  }
  const oriented: (SwapReserves | undefined)[] = events.map(() => undefined);
  for (const members of byPool.values()) {
    const own = members.flatMap((index) => events[index] ?? []);
    const sorted = votes(own, false) >= votes(own, true);
    for (const [i, index] of members.entries()) {
      const event = own[i];
      if (event !== undefined) oriented[index] = reservesBefore(event, !sorted);
    }
  }
  return oriented;
}

/** How many of a pool's swaps agree with one way of reading its reserves. `reversed`: token 0 sorts last. */
function votes(events: readonly RawEvent[], reversed: boolean): number {
  let count = 0;
  let after: { event: RawEvent; in: bigint; out: bigint } | undefined;
  for (const event of [...events].sort(inOrder)) {
    const before = reservesBefore(event, reversed);
    if (before === undefined) continue;
    if (isPlausible(event, before)) count++;
    if (pairOf(event, "pre") !== undefined && pairOf(event, "post") !== undefined) {
      const told = pairOf(event, "post");
      const [zero, one] = isZeroIn(event, reversed) ? [1n, -1n] : [-1n, 1n];
      const [moved0, moved1] =
        zero === 1n ? [event.amountIn, event.amountOut] : [event.amountOut, event.amountIn];
      const pre = pairOf(event, "pre");
      if (pre?.[0] !== undefined && told?.[0] === pre[0] + zero * moved0 && told[1] === pre[1] + one * moved1)
        count++;
    }
    if (after !== undefined) {
      const same = after.event.tokenIn === event.tokenIn;
      const [expectedIn, expectedOut] = same ? [after.in, after.out] : [after.out, after.in];
      if (expectedIn === before.in && expectedOut === before.out) count++;
    }
    after = { event, in: before.in + event.amountIn, out: before.out - event.amountOut };
  }
  return count;
}

/** Whether a constant product with a fee of 0 to 10 % gives about this output. */
function isPlausible(event: RawEvent, { in: reserveIn, out: reserveOut }: SwapReserves): boolean {
  const paid = event.amountIn * (reserveOut - event.amountOut);
  const net = event.amountOut * reserveIn;
  return paid > 0n && net * 10n >= paid * 9n && net * 10_000n <= paid * 10_001n;
}

function reservesBefore(event: RawEvent, reversed: boolean): SwapReserves | undefined {
  const zeroIn = isZeroIn(event, reversed);
  const pre = pairOf(event, "pre");
  if (pre !== undefined) return zeroIn ? { in: pre[0], out: pre[1] } : { in: pre[1], out: pre[0] };
  const post = pairOf(event, "post");
  if (post === undefined) return undefined;
  const [afterIn, afterOut] = zeroIn ? post : [post[1], post[0]];
  return { in: afterIn - event.amountIn, out: afterOut + event.amountOut };
}

function isZeroIn({ tokenIn, tokenOut }: RawEvent, reversed: boolean): boolean {
  return tokenIn < tokenOut !== reversed;
}

function pairOf(event: RawEvent, when: "pre" | "post"): readonly [bigint, bigint] | undefined {
  const [zero, one] =
    when === "pre" ? [event.reserve0, event.reserve1] : [event.postReserve0, event.postReserve1];
  return zero === null || zero === undefined || one === null || one === undefined ? undefined : [zero, one];
}

function inOrder(a: RawEvent, b: RawEvent): number {
  return (a.slot ?? 0) - (b.slot ?? 0) || a.txIndex - b.txIndex || a.eventIndex - b.eventIndex;
}
