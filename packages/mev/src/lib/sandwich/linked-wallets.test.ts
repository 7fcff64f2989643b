import { programId, wrappedSol } from "@slipstream/solana";
import { parseBlock } from "@slipstream/solana/block";
import { describe, expect, it } from "vitest";
import { decodeBlock } from "../swaps/decode-block.ts";
import { key, TOKEN, WalletChain, type WalletTransaction } from "../testing/wallet-chain.ts";
import { detectSandwiches } from "./detect.ts";
import type { Detection, Sandwich } from "./model.ts";

const large = 20_000_000_000n;
const { jupiter } = programId;

/** Runs transactions, all of one block or with blocks between, and searches them. */
class Story {
  readonly chain: WalletChain;
  readonly #decoded: ReturnType<typeof decodeBlock>[] = [];

  constructor(feeBps = 0n) {
    this.chain = new WalletChain(feeBps);
  }

  run(signer: string, steps: (transaction: WalletTransaction) => void): string {
    return this.chain.run(signer, steps);
  }

  victim(name = "victim"): void {
    this.run(name, (transaction) => transaction.buy(name, large));
  }

  nextSlot(): void {
    this.#decoded.push(decodeBlock(parseBlock(this.chain.block()), 1_000 + this.#decoded.length));
  }

  detect(): Detection {
    this.nextSlot();
    const undecoded = this.#decoded.flatMap(({ undecoded }) => undecoded);
    expect(undecoded).toEqual([]);
    const swaps = this.#decoded.flatMap(({ swaps }) => swaps);
    const transfers = this.#decoded.flatMap(({ transfers }) => transfers);
    return detectSandwiches(swaps, { transfers });
  }
}

/** A buys, steps in between, B sells what it holds, around a victim. */
function attack(story: Story, pass: (bought: bigint) => void, back = "b"): Detection {
  let bought = 0n;
  story.run("a", (transaction) => {
    bought = transaction.buy("a", large);
  });
  story.victim();
  pass(bought);
  story.run(back, (transaction) =>
    transaction.sell(back, story.chain.account(story.chain.tokens(back)).held),
  );
  return story.detect();
}

/** A buys, B sells as many of its own tokens, around a victim; then `pay` settles up. */
function fromInventory(pay: (story: Story, bought: bigint, received: bigint) => void): Detection {
  const story = new Story();
  story.chain.account(story.chain.tokens("b")).held = 10n ** 13n;
  let [bought, received] = [0n, 0n];
  story.run("a", (transaction) => {
    bought = transaction.buy("a", large);
  });
  story.victim();
  story.run("b", (transaction) => {
    received = transaction.sell("b", bought);
  });
  pay(story, bought, received);
  return story.detect();
}

function linkOf(sandwich: Sandwich | undefined): string | undefined {
  return sandwich?.evidence.find(({ kind }) => kind === "link")?.detail;
}

describe("wallets are linked by a transfer of what one bought and the other sold", () => {
  it.each(["plain", "checked"] as const)("in a transaction of its own (%s)", (form) => {
    const story = new Story();
    let transfer = "";
    let amount = 0n;
    const { sandwiches } = attack(story, (bought) => {
      amount = bought;
      transfer = story.run("a", (transaction) => transaction.pass("a", "b", bought, form));
    });
    expect(sandwiches).toHaveLength(1);
    expect(sandwiches[0]?.attacker.slice(0, 2)).toEqual([key("a"), key("b")]);
    expect(sandwiches[0]?.victims.map(({ signer }) => signer)).toEqual([key("victim")]);
    expect(linkOf(sandwiches[0])).toBe(
      `transfer ${key("a")} to ${key("b")}, ${amount} of ${TOKEN} in ${transfer}`,
    );
    expect(sandwiches[0]?.evidence.map(({ kind }) => kind)).toContain("wallets");
    expect(sandwiches[0]?.loss?.atoms).toBeGreaterThan(0n);
  });

  it("inside the buy's transaction, or the sell's", () => {
    const inBuy = new Story();
    let bought = 0n;
    inBuy.run("a", (transaction) => {
      bought = transaction.buy("a", large);
      transaction.pass("a", "b", bought);
    });
    inBuy.victim();
    inBuy.run("b", (transaction) => transaction.sell("b", bought));
    expect(inBuy.detect().sandwiches).toHaveLength(1);

    const inSell = new Story();
    inSell.run("a", (transaction) => {
      bought = transaction.buy("a", large);
    });
    inSell.victim();
    inSell.run("b", (transaction) => {
      transaction.pass("a", "b", bought);
      transaction.sell("b", bought);
    });
    expect(inSell.detect().sandwiches).toHaveLength(1);
  });

  it("by a program of the attacker's own", () => {
    const story = new Story();
    const { sandwiches } = attack(story, (bought) => {
      story.run("a", (transaction) => {
        transaction.calledBy(key("own program"), () => transaction.pass("a", "b", bought));
      });
    });
    expect(sandwiches).toHaveLength(1);
  });

  it.each(["checked", "fee"] as const)("of a mint that withholds a fee: what arrived counts (%s)", (form) => {
    const story = new Story(100n);
    const { sandwiches } = attack(story, () => {
      const { held } = story.chain.account(story.chain.tokens("a"));
      story.run("a", (transaction) => transaction.pass("a", "b", held, form));
    });
    expect(sandwiches).toHaveLength(1);
    expect(sandwiches[0]?.loss?.atoms).toBeGreaterThan(0n);
  });

  it("through several wallets, over several slots", () => {
    const story = new Story();
    const { sandwiches } = attack(story, (bought) => {
      story.nextSlot();
      for (const [from, to] of [
        ["a", "x"],
        ["x", "y"],
        ["y", "b"],
      ] as const) {
        story.run(from, (transaction) => transaction.pass(from, to, bought));
      }
      story.nextSlot();
    });
    expect(sandwiches).toHaveLength(1);
    expect(linkOf(sandwiches[0])?.match(/signature/g)).toHaveLength(3);
  });

  it("in parts, or together with another wallet's", () => {
    const parts = new Story();
    const { sandwiches } = attack(parts, (bought) => {
      const third = bought / 3n;
      parts.run("a", (transaction) => {
        transaction.pass("a", "b", third);
        transaction.pass("a", "b", bought - third);
      });
    });
    expect(sandwiches).toHaveLength(1);

    const two = new Story();
    const bought = ["a1", "a2"].map((name) => {
      let amount = 0n;
      two.run(name, (transaction) => {
        amount = transaction.buy(name, large);
      });
      return { name, amount };
    });
    two.victim();
    for (const { name, amount } of bought) two.run(name, (one) => one.pass(name, "b", amount));
    const all = bought.reduce((sum, { amount }) => sum + amount, 0n);
    two.run("b", (transaction) => transaction.sell("b", all));
    const found = two.detect().sandwiches;
    expect(found).toHaveLength(1);
    expect(found[0]?.fronts).toHaveLength(2);
  });

  it("moved by a delegate, or given with the account", () => {
    const delegate = new Story();
    const moved = attack(delegate, (bought) => {
      delegate.run("c", (transaction) => {
        transaction.transfer(delegate.chain.tokens("a"), delegate.chain.tokens("b"), bought, {
          authority: key("c"),
        });
      });
    });
    expect(moved.sandwiches).toHaveLength(1);

    const given = new Story();
    let bought = 0n;
    given.run("a", (transaction) => {
      bought = transaction.buy("a", large);
    });
    given.victim();
    given.run("a", (transaction) => transaction.give(given.chain.tokens("a"), key("b")));
    given.run("b", (transaction) => {
      transaction.swap(given.chain.tokens("a"), given.chain.sol("b"), bought);
    });
    expect(given.detect().sandwiches).toHaveLength(1);
  });

  it("though a router swaps with accounts of its own", () => {
    const story = new Story();
    const { chain } = story;
    for (const customer of ["p", "q", "r"]) {
      story.run(customer, (transaction) => {
        transaction.calledBy(jupiter, () => {
          transaction.pass("router", customer, transaction.buy("router", large));
        });
      });
    }
    let bought = 0n;
    story.run("a", (transaction) => {
      transaction.calledBy(jupiter, () => {
        bought = transaction.swap(chain.sol("router"), chain.tokens("router"), large);
        transaction.pass("router", "a", bought);
      });
    });
    story.victim();
    story.run("a", (transaction) => transaction.pass("a", "b", bought));
    story.run("b", (transaction) => {
      transaction.calledBy(jupiter, () => {
        transaction.pass("b", "router", bought);
        transaction.swap(chain.tokens("router"), chain.sol("router"), bought);
      });
    });
    const { sandwiches } = story.detect();
    expect(sandwiches).toHaveLength(1);
    expect(sandwiches[0]?.attacker).toEqual([key("a"), key("b")]);
    expect(linkOf(sandwiches[0])).toContain(`transfer ${key("a")} to ${key("b")}`);
  });

  it("through an account that lives only in the buy's transaction", () => {
    const story = new Story();
    let bought = 0n;
    story.run("a", (transaction) => {
      transaction.open("temporary", TOKEN, key("a"));
      bought = transaction.swap(story.chain.sol("a"), "temporary", large);
      transaction.transfer("temporary", story.chain.tokens("b"), bought);
      transaction.close("temporary", key("a"));
    });
    story.victim();
    story.run("b", (transaction) => transaction.sell("b", bought));
    expect(story.detect().sandwiches).toHaveLength(1);
  });
});

describe("a leg of wrapped SOL", () => {
  /** A sells tokens for SOL, passes the SOL on, B buys the tokens back. */
  function reversed(pass: (story: Story, sol: bigint) => void): Detection {
    const story = new Story();
    for (const name of ["a", "victim"]) story.chain.account(story.chain.tokens(name)).held = 10n ** 13n;
    let sol = 0n;
    story.run("a", (transaction) => {
      sol = transaction.sell("a", 10n ** 12n);
    });
    story.run("victim", (transaction) => transaction.sell("victim", 10n ** 12n));
    pass(story, sol);
    story.run("b", (transaction) => transaction.buy("b", sol));
    return story.detect();
  }

  it("may be passed on as a token or as lamports", () => {
    const wrapped = reversed((story, sol) => {
      story.run("a", (one) => one.transfer(story.chain.sol("a"), story.chain.sol("b"), sol));
    });
    const lamports = reversed((story, sol) => {
      story.run("a", (transaction) => transaction.lamports(key("a"), key("b"), sol));
    });
    for (const { sandwiches } of [wrapped, lamports]) expect(sandwiches).toHaveLength(1);
    expect(reversed(() => undefined).sandwiches).toEqual([]);
  });

  it("may be closed into the other wallet", () => {
    const story = new Story();
    for (const name of ["a", "victim"]) story.chain.account(story.chain.tokens(name)).held = 10n ** 13n;
    let sol = 0n;
    story.run("a", (transaction) => {
      transaction.open("temporary", wrappedSol, key("a"));
      sol = transaction.swap(story.chain.tokens("a"), "temporary", 10n ** 12n);
      transaction.close("temporary", key("b"));
    });
    story.run("victim", (transaction) => transaction.sell("victim", 10n ** 12n));
    story.run("b", (transaction) => transaction.buy("b", sol));
    expect(story.detect().sandwiches).toHaveLength(1);
  });
});

describe("wallets that hold tokens of their own are linked by the money", () => {
  it("that goes back to who made the front run", () => {
    const back = fromInventory((story, _, received) => {
      story.run("b", (one) => one.transfer(story.chain.sol("b"), story.chain.sol("a"), received));
    });
    expect(back.sandwiches).toHaveLength(1);
    const other = fromInventory((story, _, received) => {
      story.run("b", (one) => one.transfer(story.chain.sol("b"), story.chain.sol("a"), received - 1n));
    });
    expect(other.sandwiches).toEqual([]);
  });

  it("or by tokens that replace what was sold", () => {
    const replaced = fromInventory((story, bought) => {
      story.run("a", (transaction) => transaction.pass("a", "b", bought));
    });
    expect(replaced.sandwiches).toHaveLength(1);
  });
});

describe("a transfer links nobody", () => {
  const nothing = { sandwiches: [], candidates: [] };

  it("if an atom is missing or too much", () => {
    for (const difference of [-1n, 1n]) {
      const story = new Story();
      story.chain.account(story.chain.tokens("a")).held = 10n;
      const found = attack(story, (bought) => {
        story.run("a", (transaction) => transaction.pass("a", "b", bought + difference));
      });
      expect(found).toMatchObject(nothing);
    }
    const keeps = new Story();
    keeps.chain.account(keeps.chain.tokens("b")).held = 1n;
    // B sells all that it has: one atom more than it received.
    const found = attack(keeps, (bought) => {
      keeps.run("a", (transaction) => transaction.pass("a", "b", bought));
    });
    expect(found).toMatchObject(nothing);
  });

  it("if it is not seen", () => {
    expect(fromInventory(() => undefined)).toMatchObject(nothing);
  });

  it("if a router carries it out", () => {
    const story = new Story();
    const found = attack(story, (bought) => {
      story.run("a", (transaction) => {
        transaction.calledBy(jupiter, () => transaction.pass("a", "b", bought));
      });
    });
    expect(found).toMatchObject(nothing);
  });

  it("if who received it receives from many", () => {
    const story = new Story();
    const found = attack(story, (bought) => {
      for (const name of ["p", "q", "r", "s"]) {
        story.chain.account(story.chain.tokens(name)).held = 1_000n;
        story.run(name, (transaction) => transaction.pass(name, "c", 777n));
      }
      story.run("a", (transaction) => transaction.pass("a", "c", bought));
      story.run("c", (transaction) => transaction.pass("c", "b", bought));
    });
    expect(found).toMatchObject(nothing);
  });

  it("if nobody sold what was passed on, though an exchange collected it", () => {
    const story = new Story();
    story.chain.account(story.chain.tokens("b")).held = 10n ** 13n;
    const bought = ["a", "b"].map((name) => {
      let amount = 0n;
      story.run(name, (transaction) => {
        amount = transaction.buy(name, large);
        transaction.pass(name, "deposits", amount);
      });
      return amount;
    });
    story.victim();
    story.run("b", (transaction) => transaction.sell("b", bought[0] ?? 0n));
    story.run("deposits", (one) => {
      one.pass(
        "deposits",
        "exchange",
        bought.reduce((sum, amount) => sum + amount, 0n),
      );
    });
    for (const { attacker } of story.detect().sandwiches) expect(attacker).not.toContain(key("a"));
  });

  it("if a victim pays somebody", () => {
    const story = new Story();
    let [bought, sold] = [0n, 0n];
    story.run("a", (transaction) => {
      bought = transaction.buy("a", large);
    });
    story.run("victim", (transaction) => {
      sold = transaction.buy("victim", large);
    });
    story.run("victim", (transaction) => transaction.pass("victim", "shop", sold));
    story.run("a", (transaction) => transaction.sell("a", bought));
    const { sandwiches } = story.detect();
    expect(sandwiches).toHaveLength(1);
    expect(sandwiches[0]?.attacker).toEqual([key("a")]);
    expect(sandwiches[0]?.victims.map(({ signer }) => signer)).toEqual([key("victim")]);
  });
});
