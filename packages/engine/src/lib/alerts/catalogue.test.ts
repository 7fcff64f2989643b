import { ruleStatistics } from "@slipstream/alerts";
import { quantity } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { START_MS, tick } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeOptions } from "../options.ts";
import { StatisticSet } from "../statistics/statistic-set.ts";
import { delivered, trafficOnChain } from "../testing/traffic.ts";
import { readingsOf } from "./readings.ts";

describe("the statistics that rules may name", () => {
  it("are those that the engine has", () => {
    const { statistics } = run([tick(START_MS)]).engine.current();
    expect(ruleStatistics.map(({ name }) => name).sort()).toEqual(Object.keys(statistics).sort());
  });

  it("are counted together as the engine counts them, so that it refuses no window that a check of rules lets pass", () => {
    const instant = {
      ...{ boundaryMs: START_MS, coveredMs: START_MS, receivedMs: START_MS },
      ...{ newest: true, live: true, liveSinceMs: undefined },
    };
    const set = new StatisticSet(completeOptions({}));
    const counted = ruleStatistics.filter(
      ({ longestWindow, countedAs }) => longestWindow !== null && countedAs !== null,
    );
    const pairs = counted.map(({ name, countedAs }) => `${countedAs} is ${set.nameOf(name, instant)}`);
    const distinct = (texts: readonly (string | null | undefined)[]): number => new Set(texts).size;
    expect(distinct(pairs)).toBe(distinct(counted.map(({ countedAs }) => countedAs)));
    expect(distinct(pairs)).toBe(distinct(counted.map(({ name }) => set.nameOf(name, instant))));
    expect(pairs.filter((pair) => pair.endsWith("undefined"))).toEqual([]);
  });

  it("have the units and the labels that the engine gives them", () => {
    const known = new Map(ruleStatistics.map((one) => [one.name, one]));
    const wrong: Set<string> = new Set();
    const seen: Set<string> = new Set();
    const traffic = trafficOnChain({ seconds: 300, delayMs: 1_000, items: 150 });
    for (const items of fc.sample(traffic, { numRuns: 10, seed: 1 })) {
      const { statistics } = run(delivered(items), { capitalUsd: 1_000 }).engine.current();
      for (const [name, entry] of Object.entries(statistics)) {
        const { unit, labels } = known.get(name) ?? { unit: "none", labels: {} };
        for (const reading of readingsOf(entry)) {
          seen.add(name);
          if (reading.unit !== unit) wrong.add(`${name} is in ${reading.unit}, not in ${unit}`);
          const [own, theirs] = [
            Object.keys(reading.labels).sort().join(),
            Object.keys(labels).sort().join(),
          ];
          // Of MEV's totals a rule may name some of the labels.
          const fits =
            name === "mev_trades" ? theirs.split(",").every((one) => own.includes(one)) : own === theirs;
          if (!fits) wrong.add(`${name} has the labels ${own}, not ${theirs}`);
        }
      }
    }
    expect([...wrong]).toEqual([]);
    expect(seen.size, quantity(seen.size, "statistic")).toBeGreaterThan(60);
  });
});
