import { readFileSync } from "node:fs";
import {
  defaultPrometheusSettings,
  type PrometheusRules,
  prometheusRules,
  shippedRules,
} from "@slipstream/alerts";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { prometheusFile } from "./prometheus-file.ts";

const shipped = new URL("../../../../../prometheus/rules/slipstream.yml", import.meta.url);

describe("the file of rules for Prometheus", () => {
  it("that is in the repository is up to date (if not: npx slipstream rules prometheus > prometheus/rules/slipstream.yml)", () => {
    const made = prometheusFile(prometheusRules(shippedRules()), defaultPrometheusSettings);
    expect(readFileSync(shipped, "utf8")).toBe(made);
  });

  it("says of each rule that it does not have why, in one line", () => {
    const leftOut = [{ id: "odd", reason: "two\nlines" }];
    const text = prometheusFile({ groups: [], leftOut }, defaultPrometheusSettings);
    expect(text).toContain("# - odd: two lines\n");
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual(["groups: []"]);
  });

  it("is read as what was written, whatever texts hold", () => {
    const texts = [
      "a: b # c",
      "{{ $value }}",
      "- x\n  y\n",
      " \t",
      "'\"",
      "yes",
      "1e3",
      "ü\u2028z",
      "%",
      "line\n\n\nend \n",
    ];
    const annotations = Object.fromEntries(texts.map((text, at) => [`a${at}`, text]));
    const rules: PrometheusRules = {
      groups: [
        { name: "g", interval: "15s", rules: [{ alert: "odd", expr: "1\n> 0", labels: {}, annotations }] },
      ],
      leftOut: [],
    };
    expect(parse(prometheusFile(rules, defaultPrometheusSettings))).toEqual({ groups: rules.groups });
  });
});
