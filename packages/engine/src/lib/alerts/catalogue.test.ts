import { ruleStatistics } from "@slipstream/alerts";
import { quantity } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { START_MS, tick } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delivered, trafficOnChain } from "../testing/traffic.ts";
import { readingsOf } from "./readings.ts";

describe("the statistics that rules may name", () => {
  it("are those that the engine has", () => {
    const { statistics } = run([tick(START_MS)]).engine.current();
    expect(ruleStatistics.map(({ name }) => name).sort()).toEqual(Object.keys(statistics).sort());
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
