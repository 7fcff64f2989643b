import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { Swap } from "../swaps/swap.ts";
import { detectSandwiches } from "./detect.ts";
import { attack, large, legs, Scene, small } from "./testing/scene.ts";

type Passed = Pick<OwnerTransfer, "from" | "to" | "amount">;

/** A transfer of the scene's token after a swap. */
function passedAfter(swap: Swap, at: number, { from, to, amount }: Passed): OwnerTransfer {
  const { slot, txIndex, eventIndex } = swap;
  const signature = `transfer${at}`;
  const place = { slot, txIndex, eventIndex: eventIndex + 1 + at };
  return { ...place, signature, token: "TOKEN", from, to, amount, received: amount };
}

const parts = fc
  .array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
  .map((weights) => weights.map((weight) => weight / weights.reduce((sum, one) => sum + one, 0)));

/** Divides an amount into parts that add up to it. */
function divide(amount: bigint, shares: readonly number[]): bigint[] {
  const all = shares.slice(1).map((share) => BigInt(Math.max(1, Math.floor(share * Number(amount) * 0.999))));
  return [amount - all.reduce((sum, one) => sum + one, 0n), ...all];
}

const strangers = fc.array(
  fc.record({
    from: fc.constantFrom("victim", "p", "q", "r", "a", "w0"),
    to: fc.constantFrom("victim", "p", "q", "s", "b", "w1"),
    amount: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  }),
  // With more, one of them may receive from many.
  { maxLength: 2 },
);

describe("an attacker's wallets", () => {
  it("are found, however it passes on what it bought", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), parts, parts, strangers, (hops, passed, sold, others) => {
        const scene = new Scene();
        const front = scene.buy("a", large);
        scene.buy("victim", large);
        const chain = ["a", ...Array.from({ length: hops }, (_, at) => `w${at}`), "b"];
        const transfers = chain.slice(1).flatMap((to, at) => {
          // Only the first hop is in parts; each part is passed on by itself.
          return divide(front.amountOut, passed).map((amount) => ({ from: chain[at] ?? "", to, amount }));
        });
        const told = [...transfers, ...others.filter(({ from, to }) => from !== to)];
        const amounts = passed.length > 1 ? divide(front.amountOut, passed) : divide(front.amountOut, sold);
        for (const amount of amounts) scene.sell("b", amount);
        const { sandwiches } = detectSandwiches(scene.swaps, {
          transfers: told.map((one, at) => passedAfter(front, at, one)),
        });
        expect(sandwiches).toHaveLength(1);
        expect(sandwiches[0]?.attacker).toEqual(["a", "b"]);
        expect(sandwiches[0]?.victims.map(({ signer }) => signer)).toEqual(["victim"]);
      }),
      { numRuns: 200 },
    );
  });

  it("are not linked by transfers of other amounts", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            from: fc.constantFrom("a", "b", "victim", "p"),
            to: fc.constantFrom("a", "b", "victim", "p"),
            share: fc.double({ min: 0.5, max: 1.5, noNaN: true }),
          }),
          { maxLength: 12 },
        ),
        (given) => {
          const scene = new Scene();
          attack(scene, "a", "b");
          const amounts = new Set(scene.swaps.flatMap(({ amountIn, amountOut }) => [amountIn, amountOut]));
          const [front] = scene.swaps;
          const transfers = given
            .map(({ share, ...ends }) => ({
              ...ends,
              amount: BigInt(Math.floor(share * Number(front?.amountOut))),
            }))
            .filter(({ from, to, amount }) => from !== to && !amounts.has(amount));
          // Sums of a few are as good as one, but chance does not meet them to the atom.
          const { sandwiches } = detectSandwiches(scene.swaps, {
            transfers: front === undefined ? [] : transfers.map((one, at) => passedAfter(front, at, one)),
          });
          expect(sandwiches).toEqual([]);
        },
      ),
    );
  });

  it("are linked within the window only", () => {
    for (const slots of [3, 4]) {
      const scene = new Scene();
      const front = scene.buy("a", large);
      scene.buy("victim", large);
      for (let slot = 0; slot < slots; slot++) scene.world.nextSlot();
      scene.sell("b", front.amountOut);
      const transfers = [passedAfter(front, 0, { from: "a", to: "b", amount: front.amountOut })];
      const found = detectSandwiches(scene.swaps, { transfers });
      expect(found.sandwiches).toHaveLength(slots === 3 ? 1 : 0);
      expect(found.candidates).toEqual([]);
    }
  });

  it("count as one actor in its other sandwiches", () => {
    const scene = new Scene();
    const transfers: OwnerTransfer[] = [];
    for (let round = 0; round < 6; round++) {
      const [front, back] = [`front${round}`, `back${round % 2}`];
      const bought = scene.buy(front, large);
      scene.buy(`victim${round}`, large);
      transfers.push(passedAfter(bought, round, { from: front, to: back, amount: bought.amountOut }));
      scene.sell(back, bought.amountOut);
    }
    const { sandwiches } = detectSandwiches(scene.swaps, { transfers });
    expect(sandwiches).toHaveLength(6);
    expect(sandwiches[0]?.label).toBe("intentional");
    expect(sandwiches.map((one) => legs(one)[1])).toHaveLength(6);
  });
});

const crowds: Readonly<Record<string, (at: number, all: number, bought: bigint) => Passed>> = {
  "to one who receives from all": (at, _, bought) => ({ from: `p${at}`, to: "b", amount: bought }),
  "from one to all": (at, _, bought) => ({ from: "a", to: `p${at}`, amount: bought }),
  "between two, always the same amount": (at, _, bought) => {
    return at % 2 === 0 ? { from: "a", to: "b", amount: bought } : { from: "b", to: "a", amount: bought };
  },
  "along a chain": (at, _, bought) => ({ from: `w${at}`, to: `w${at + 1}`, amount: bought }),
  "in dust between two": () => ({ from: "a", to: "b", amount: 1n }),
  "back and forth in growing parts": (at) => {
    return at % 2 === 0 ? { from: "a", to: "b", amount: BigInt(at + 1) } : { from: "b", to: "a", amount: 1n };
  },
};

describe("the work of linking", () => {
  it.each(Object.entries(crowds))("grows with the number of transfers: %s", (_, passed) => {
    const stepsOf = (all: number): number => {
      const scene = new Scene();
      const front = scene.buy("a", large);
      for (let at = 0; at < all / 10; at++) scene.buy(at % 2 === 0 ? "b" : `p${at}`, small / 1_000n);
      for (let at = 0; at < all / 10; at++) scene.sell(at % 2 === 0 ? "b" : `p${at}`, small / 1_000n);
      const transfers = Array.from({ length: all }, (_, at) =>
        passedAfter(front, at, passed(at, all, front.amountOut)),
      );
      return detectSandwiches(scene.swaps, { transfers }).steps;
    };
    const [few, many] = [stepsOf(1_000), stepsOf(10_000)];
    expect(many).toBeLessThan(10_000 * 100);
    expect(many).toBeLessThan(few * 10 * 1.5);
  });
});
