import { encodeBase58 } from "@slipstream/solana";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TradeFact } from "../facts.ts";
import { confirmed, Desk, otherSwap, reverted, type Span, sendRequest, T0 } from "../testing/desk.ts";
import { signature } from "../testing/transactions.ts";

// Trades are made of facts that come over several connections, in whatever order these have them.

/** What is done to a desk, at a time of its own, whenever its turn comes. */
type Step = (desk: Desk) => void;

const TRADES = 4;
const status = (
  number: number,
  kind: "processed" | "confirmed" | "finalized",
  failed: boolean,
): TradeFact => ({
  kind: "status",
  signature: signature(20 + number),
  slot: 371_000_000 + number,
  commitment: kind,
  failed,
  reason: failed ? "slippage" : undefined,
});

/** What is heard of one trade after it was sent; any of it may come again. */
function heard(number: number, failed: boolean): Step[] {
  const of = signature(20 + number);
  return [
    (desk) => desk.trades.noticed([status(number, "processed", failed)], T0 + 400 + number),
    (desk) => desk.trades.noticed([status(number, "confirmed", failed)], T0 + 800 + number),
    (desk) => desk.trades.noticed([status(number, "finalized", failed)], T0 + 9_000 + number),
    (desk) => desk.poll({ at: 300 }, null, of),
    (desk) => desk.poll({ at: 850 }, failed ? reverted : confirmed, of),
    (desk) => desk.rpc("signatureSubscribe", [of], { result: number }, { at: 90 }),
    (desk) => desk.rpc("getBlockHeight", [], { result: 350_000_151 }, { at: 60_000 }),
  ];
}

/** The roots, without what only tells objects apart. */
function rootsOf(desk: Desk): readonly unknown[] {
  return desk.roots
    .map(({ name, startMs, endMs, failed, attributes }) => ({ name, startMs, endMs, failed, attributes }))
    .sort((a, b) => (String(a.attributes["trade.id"]) < String(b.attributes["trade.id"]) ? -1 : 1));
}

/** Offers and swaps in their order, then the answers to sends and what is heard of them in any. */
function run(outcomes: readonly boolean[], order: (steps: readonly Step[]) => readonly Step[]): Desk {
  const desk = new Desk();
  const later: Step[] = [];
  for (const [number, failed] of outcomes.entries()) {
    const offer = { outAmount: String(1_000 + number) };
    desk.quote({ at: 10 * number }, offer);
    desk.swap({ at: 100 + 10 * number }, otherSwap(number), offer);
    const answered = desk.begin("send", sendRequest(otherSwap(number)), { at: 200 + number });
    later.push(() => answered({ id: 1, result: signature(20 + number) }, 250 + number));
    later.push(...heard(number, failed));
  }
  for (const step of order(later)) step(desk);
  desk.due(20_000);
  desk.due(300_000);
  return desk;
}

const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: TRADES });

test("the same facts make the same trades, in any order", () => {
  fc.assert(
    fc.property(outcomes, fc.infiniteStream(fc.nat()), (failed, numbers) => {
      const shuffled = (steps: readonly Step[]): readonly Step[] =>
        steps
          .map((step) => ({ step, place: numbers.next().value ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ step }) => step);
      const inOrder = rootsOf(run(failed, (steps) => steps));
      expect(inOrder).toHaveLength(failed.length);
      expect(rootsOf(run(failed, shuffled))).toEqual(inOrder);
    }),
    { numRuns: 40 },
  );
});

test("facts that come again change nothing", () => {
  fc.assert(
    fc.property(outcomes, fc.array(fc.nat(100), { maxLength: 30 }), (failed, repeats) => {
      const again = (steps: readonly Step[]): readonly Step[] => {
        // Answers to sends come once, and are every eighth.
        const facts = steps.filter((_, index) => index % 8 !== 0);
        return [...steps, ...repeats.flatMap((index) => facts[index % facts.length] ?? [])];
      };
      expect(rootsOf(run(failed, again))).toEqual(rootsOf(run(failed, (steps) => steps)));
    }),
    { numRuns: 40 },
  );
});

/** Anything, in any order, in a few contexts, with time passing in between. */
const anything = fc.array(
  fc.record({
    what: fc.constantFrom(
      "quote",
      "swap",
      "send",
      "pending",
      "refused",
      "poll",
      "missing",
      "notice",
      "height",
      "balance",
      "wait",
    ),
    number: fc.nat(5),
    scope: fc.nat(2),
    isNamed: fc.boolean(),
    wait: fc.constantFrom(1, 50, 1_500, 12_000, 95_000),
  }),
  { maxLength: 80 },
);

test("each trade ends once, each call's span comes once, and every child has a root", () => {
  fc.assert(
    fc.property(anything, (steps) => {
      const desk = new Desk();
      const scopes = [{}, {}];
      let [at, calls] = [0, 0];
      for (const { what, number, scope, isNamed, wait } of steps) {
        const place = scopes[scope];
        const name = isNamed && place !== undefined ? { name: { pair: "SOL/USDC" } } : {};
        const manner = { at, ...(place === undefined ? {} : { scope: place }), ...name };
        const offer = { outAmount: String(1_000 + number) };
        calls++;
        if (what === "quote") desk.quote(manner, offer);
        else if (what === "swap") desk.swap(manner, otherSwap(number), offer);
        else if (what === "send") desk.send(manner, otherSwap(number));
        else if (what === "refused") desk.send(manner, otherSwap(number), { error: { code: -32_003 } });
        else if (what === "poll") desk.poll(manner, confirmed, signature(20 + number));
        else if (what === "missing") desk.poll(manner, null, signature(20 + number));
        else if (what === "height") desk.rpc("getBlockHeight", [], { result: 350_000_151 }, manner);
        else if (what === "balance") desk.rpc("getBalance", [], { result: 5 }, manner);
        else {
          calls--;
          if (what === "pending") desk.begin("send", sendRequest(otherSwap(number)), manner);
          else if (what === "notice") desk.trades.noticed([status(number, "confirmed", false)], T0 + at);
          else at += wait;
        }
        desk.due(at);
      }
      desk.spans.push(...desk.trades.end(T0 + at));
      expectWhole(desk.spans, calls);
      expect(desk.trades.due(T0 + at + 1_000_000)).toEqual([]);
    }),
    { numRuns: 120 },
  );
});

function expectWhole(spans: readonly Span[], calls: number): void {
  expect(spans.filter(({ kind }) => kind === "call")).toHaveLength(calls);
  const roots = spans.filter((span) => span.kind === "root").map(({ trade }) => trade);
  expect(new Set(roots).size).toBe(roots.length);
  const parents = spans.flatMap((span) =>
    span.kind !== "root" && span.trade !== undefined ? span.trade : [],
  );
  const ended = new Set(roots);
  expect(parents.filter((parent) => !ended.has(parent))).toEqual([]);
  expect(spans.filter((span) => span.kind !== "call" && span.endMs < span.startMs)).toEqual([]);
  // A transaction is of one trade.
  const ids = spans.flatMap((span) => (span.kind === "root" ? (span.attributes["trade.id"] ?? []) : []));
  expect(new Set(ids).size).toBe(ids.length);
}

test("memory is bounded, however many offers, trades and notices there are; none is lost", () => {
  const desk = new Desk();
  const sizes: number[] = [];
  for (let round = 0; round < 2_200; round++) {
    const offer = { outAmount: String(1_000_000 + round), contextSlot: round };
    desk.quote({ at: round, took: 1 }, offer);
    const draft = { ...otherSwap(round % 50), signatures: [signatureOf(round)] };
    if (round % 2 === 0) desk.send({ at: round, took: 1, scope: {} }, draft);
    desk.trades.noticed([{ kind: "missing", signature: signatureOf(100_000 + round) }], T0 + round);
    sizes.push(desk.trades.size);
  }
  expect(Math.max(...sizes)).toBeLessThan(12_000);
  expect(sizes.at(-1)).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 2_050)) + 300);
  expect(desk.trades.cutShort).toBe(100);
  desk.spans.push(...desk.trades.end(T0 + 10_000));
  expect(desk.roots).toHaveLength(1_100);
  expectWhole(desk.spans, 3_300);
});

/** A signature of 64 bytes that is different for each number. */
function signatureOf(number: number): string {
  const bytes = new Uint8Array(64).fill(5);
  new DataView(bytes.buffer).setUint32(0, number + 1);
  return encodeBase58(bytes);
}
