import { readFileSync } from "node:fs";
import { lamports } from "@slipstream/conventions";
import { detectSandwiches, FeeAdviser, type Verdict, VerdictTracker } from "@slipstream/mev";
import { fixtureText } from "@slipstream/testing/fixtures";
import { describe, expect, it } from "vitest";
import { chainWorlds } from "./chain/chain-worlds.ts";
import { type Judges, slipstream } from "./judges.ts";
import { type Accuracy, blockFile, labelledFile, measureAccuracy } from "./measure.ts";
import { readOptions } from "./options.ts";
import { accuracyPage } from "./page/page.ts";
import { scoreLabelledCases } from "./real/labelled-cases.ts";
import { scoreRealBlock } from "./real/real-block.ts";
import { accuracyWorlds } from "./worlds.ts";

function measure(judges: Partial<Judges> = {}): Accuracy {
  const worlds = accuracyWorlds([21, 22], 1500);
  return measureAccuracy({
    worlds,
    chains: chainWorlds(250, 31),
    studies: [],
    folder: "/nowhere",
    judges: { ...slipstream, ...judges },
  });
}

/** Halves what is found. */
const careless: Judges["detect"] = (...given) => {
  const found = detectSandwiches(...given);
  return { ...found, sandwiches: found.sandwiches.filter((_, index) => index % 2 === 0) };
};

class Blind extends VerdictTracker {
  override take(): Verdict[] {
    return super.take().map((verdict) => ({ ...verdict, verdict: "clean" }));
  }
}

const good = measure();
const page = accuracyPage(good, "the command");

/** A row of the page that begins with these cells. */
function row(text: string, ...cells: string[]): string {
  return text.split("\n").find((line) => line.startsWith(`| ${cells.join(" | ")} |`)) ?? "";
}

describe("the page of accuracy", () => {
  it("is the same for the same run, and says what was skipped", () => {
    expect(accuracyPage(measure(), "the command")).toBe(page);
    expect(page).toContain(`Skipped: \`${labelledFile}\` was not found.`);
    expect(page).toContain(`Skipped: \`${blockFile}\` was not found.`);
    expect(page).toContain("--seed 22 --trades 1500 --days 0.15 --rate 0.05 --noise 1.5");
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("counts every trade that reached the chain once", () => {
    for (const { verdicts, detector } of good.worlds) {
      const { all } = verdicts;
      expect(all.ofTruth("impacted")).toBe(detector.impacted.truth);
      expect(all.count("impacted", "impacted")).toBeGreaterThan(5);
      expect(all.ofTold("none")).toBe(0);
    }
  });

  it("follows a detector that finds half", () => {
    const half = measure({ detect: careless });
    for (const [index, { detector }] of half.worlds.entries()) {
      const whole = good.worlds[index]?.detector;
      expect(detector.sandwiches).toBeLessThan((whole?.sandwiches ?? 0) * 0.6);
    }
    const text = accuracyPage(half, "the command");
    const recall = "recall of sandwiches, including strangers' >= 99 %";
    expect(row(page, recall)).toContain("100 %");
    expect(row(text, recall)).toMatch(/ (4\d|5\d)(\.\d+)? % .*\*\*no\*\*/);
  });

  it("follows a tracker that sees no attack, and learns fees from its verdicts", () => {
    const blind = measure({ openTracker: () => new Blind() });
    const text = accuracyPage(blind, "the command");
    expect(row(page, "21", "`impacted`")).toContain("100 %");
    expect(row(text, "21", "`impacted`")).toContain("| none | 0 % (0 to ");
    expect(row(text, "worlds: error of the loss at P95 <= 1 %")).toContain("no loss was replayed | **no**");
    // Who sees no attack has no doubt whether to send.
    const abstained = ({ worlds }: Accuracy): number => worlds[1]?.fees.abstained ?? 0;
    expect(abstained(blind)).toBeLessThan(abstained(good) - 50);
  });

  it("counts every `clean` around which something was not read, and finds none", () => {
    const goal = "blocks: `clean` verdicts whose surroundings were not wholly read: 0";
    expect(row(page, goal)).toMatch(/\| 0 of \d+ \(\d\d+ trades were not wholly read\) \| yes \|/);
    for (const { counts } of good.chains) expect(counts.reported).toBe(counts.unread);
    const text = accuracyPage(measure({ openTracker: () => new Blind() }), "the command");
    expect(row(text, goal)).toMatch(/\| \d\d+ of \d+ \(\d+ trades were not wholly read\) \| \*\*no\*\* \|/);
  });

  it("asks the oracle no more than the advice, so that no regret is below 0", () => {
    for (const { fees } of good.worlds) {
      for (const regret of [fees, fees.withTolerance, ...fees.few]) {
        expect(regret.asked).toBe(500);
        expect(regret.advisedUsd).toBeLessThanOrEqual(regret.oracleUsd);
        expect(regret.ownOracleUsd).toBeLessThanOrEqual(regret.seerUsd);
        expect(regret.sievedUsd).toBeLessThanOrEqual(regret.oracleUsd);
      }
    }
    expect(page).toContain("### With the slippage tolerance given");
    expect(page).toContain("### With little data");
  });

  it("follows advice that offers too much, or none", () => {
    const lavish = measure({
      learn: (trials) => {
        const adviser = new FeeAdviser(trials, { leastTrials: 50 });
        return {
          advise: (query) => {
            const answer = adviser.advise(query);
            if (answer.advice === null) return answer;
            const rich = {
              isWorthSending: true,
              tipLamports: lamports(1e9),
              priorityFeeLamports: lamports(1e9),
            };
            return { ...answer, advice: { ...answer.advice, ...rich } };
          },
        };
      },
    });
    expect(lavish.worlds[0]?.fees.advisedUsd).toBeLessThan(-1000);
    const silent = measure({ learn: () => ({ advise: () => ({ advice: null, reason: "none" }) }) });
    const { fees } = silent.worlds[0] ?? {};
    expect(fees?.abstained).toBe(fees?.asked);
    const regret = "worlds: regret of fee advice <= 5 % of the oracle's value, in each";
    expect(row(accuracyPage(silent, "x"), regret)).toContain("no advice, no advice | **no**");
  });
});

const labelled = fixtureText(labelledFile);
const block = fixtureText(blockFile);

describe.skipIf(labelled === undefined || block === undefined)("on real blocks", () => {
  it("compares with the labels, by ids where they name them", () => {
    const score = scoreLabelledCases(labelled ?? "[]", labelledFile, detectSandwiches);
    expect(score).toMatchObject({ truth: 10, told: 10, right: 10, named: 6, namedRight: 6 });
    const withoutVictims = scoreLabelledCases(labelled ?? "[]", labelledFile, (...given) => {
      const found = detectSandwiches(...given);
      return { ...found, sandwiches: found.sandwiches.map((one) => ({ ...one, victims: [] })) };
    });
    expect(withoutVictims).toMatchObject({ told: 10, namedRight: 0 });
    expect(withoutVictims.right).toBeLessThan(10);
  });

  it("tells a false alarm in the block without sandwiches", () => {
    const slot = 285_000_037;
    expect(scoreRealBlock(block ?? "", slot, slipstream).sandwiches).toBe(0);
    const detect: Judges["detect"] = (...given) => {
      const found = detectSandwiches(...given);
      return { ...found, sandwiches: found.candidates };
    };
    expect(scoreRealBlock(block ?? "", slot, { ...slipstream, detect }).sandwiches).toBe(10);
  });
});

describe("the command", () => {
  it("stands in the page, and made the one in docs", () => {
    const file = new URL("../../docs/mev-accuracy.md", import.meta.url);
    expect(readFileSync(file, "utf8")).toMatch(/^<!-- Generated by `npm run docs:accuracy`\./);
    expect(readOptions([]).command).toBe("npm run docs:accuracy");
    expect(readOptions(["--trades", "9", "--seeds", "1,2"])).toMatchObject({
      command: "npm run docs:accuracy -- --seeds 1,2 --trades 9",
      seeds: [1, 2],
      trades: 9,
    });
    expect(readOptions(["--jobs", "3"])).toMatchObject({ command: "npm run docs:accuracy", jobs: 3 });
    expect(readOptions(["--quick"]).command).toBe("npm run docs:accuracy -- --quick");
    expect(readOptions(["--quick"]).trades).toBeLessThan(readOptions([]).trades / 10);
  });

  it.each([
    ["--trades", "0"],
    ["--trades", "many"],
    ["--jobs", "0"],
    ["--seeds", "1,,2"],
    ["--seeds", "-1"],
  ])("refuses %s %s in words", (flag, value) => {
    expect(() => readOptions([`${flag}=${value}`])).toThrow(`${flag}: must be a whole number`);
  });
});
