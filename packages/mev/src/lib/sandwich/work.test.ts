import { Random } from "@slipstream/testing/random";
import { describe, expect, it } from "vitest";
import type { Swap } from "../swaps/swap.ts";
import { detectSandwiches } from "./detect.ts";
import { type Sender, share, type TestPool, World } from "./testing/world.ts";

type Actor = (index: number, all: number, random: Random) => { who: Sender; buy: boolean };

const crowds: Readonly<Record<string, Actor>> = {
  "a crowd in one slot": (_, all, random) => ({
    who: { signer: `user${random.int(0, all / 5)}` },
    buy: random.chance(0.5),
  }),
  "a few busy bots": (_, __, random) => ({
    who: { signer: `bot${random.int(0, 40)}` },
    buy: random.chance(0.5),
  }),
  "one trader going back and forth": (index) => ({ who: { signer: "bot" }, buy: index % 2 === 0 }),
  "one who buys and buys, then sells": (index, all) => ({ who: { signer: "whale" }, buy: index < all / 2 }),
  "nested attackers": (index, all) => ({
    who: { signer: `attacker${Math.min(index, all - 1 - index)}` },
    buy: index < all / 2,
  }),
  "all buy, then all sell": (index, all) => ({
    who: { signer: `user${index % (all / 2)}` },
    buy: index < all / 2,
  }),
  "everybody through one program": (index, _, random) => ({
    who: { signer: `user${index}`, program: "unknown" },
    buy: random.chance(0.5),
  }),
  "one bundle": (index, all) => ({
    who: { signer: `user${index}`, bundleId: "bundle" },
    buy: index < all / 2,
  }),
};

function crowd(actor: Actor, all: number): readonly Swap[] {
  const random = new Random(5);
  const pool: TestPool = {
    name: "pool",
    protocol: "RaydiumV4",
    fee: 25,
    feeUp: true,
    token: "TOKEN",
    money: 10n ** 16n,
    held: 10n ** 18n,
  };
  const world = new World(random, [pool], true);
  for (let index = 0; index < all; index++) {
    const { who, buy } = actor(index, all, random);
    world.run(who, { pool, buy, amountIn: share(pool, buy, 1e-5 * (1 + random.next())) });
  }
  return world.swaps;
}

describe("the work of a search", () => {
  it.each(Object.entries(crowds))("grows with the number of swaps: %s", (_, actor) => {
    const few = detectSandwiches(crowd(actor, 1_000)).steps;
    const many = detectSandwiches(crowd(actor, 10_000)).steps;
    expect(many).toBeLessThan(10_000 * 100);
    expect(many).toBeLessThan(few * 10 * 1.5);
  });
});
