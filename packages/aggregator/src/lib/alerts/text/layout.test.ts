import type { Transition } from "@slipstream/alerts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isCutThrough,
  lowAvoidance,
  messageOf,
  nodeLatency,
  texts,
  transitions,
} from "../testing/transitions.ts";
import { cleanLine } from "./clean.ts";
import { cut, fitLines } from "./fit.ts";
import { layoutOf, plainText, spanText } from "./layout.ts";
import { plainMessage } from "./message-layout.ts";

function textOf(transition: Transition, isTest: boolean = false): string {
  return plainText(layoutOf(transition, isTest));
}

describe("a notification as text", () => {
  it("has exactly the form of the contracts", () => {
    expect(textOf(nodeLatency)).toBe(
      `[CRITICAL] High Node Latency Detected
Solana node P99 latency is 245ms (threshold: 200ms)
Impact: Circuit breaker may activate
Action: Check node health or switch to backup`,
    );
    expect(textOf(lowAvoidance)).toBe(
      `[WARNING] Low MEV Avoidance Rate
MEV avoidance rate dropped to 72.3% (target: 80%+)
Recent losses: $1,234 over 500 trades
Recommendation: Increase priority fees for large trades`,
    );
  });

  it("then has what happened to the alert, what it rests on, and links", () => {
    const text = {
      ...nodeLatency.text,
      evidence: [{ label: "Trace", text: "4bf92f3577b34da6a3ce929d0e0e4736" }],
      links: [
        { name: "Page", url: "http://127.0.0.1:9480/" },
        { name: "No link", url: "javascript:alert(1)" },
      ],
    };
    const silenceEnded = { id: "s1", comment: "deploy" };
    const all = textOf({
      ...nodeLatency,
      kind: "escalated",
      occurrence: 3,
      silenceEnded,
      lateMs: 725_000,
      desk: "arb",
      text,
    });
    expect(all.split("\n").slice(4)).toEqual([
      "Escalated: after 3 occurrences",
      "Silence ended: s1 (deploy)",
      "Late: by 12 min, after a backlog",
      "Desk: arb",
      "Trace: 4bf92f3577b34da6a3ce929d0e0e4736",
      "Page: http://127.0.0.1:9480/",
    ]);
  });

  it("names a service that belongs to no desk as what it is", () => {
    const lines = textOf({ ...nodeLatency, desk: "arbitrage", deskIsService: true }).split("\n");
    expect(lines).toContain("Service: arbitrage");
    expect(lines.filter((line) => line.startsWith("Desk"))).toEqual([]);
  });

  it.each([
    [{ kind: "resolved" }, "[RESOLVED] High Node Latency Detected"],
    [
      { kind: "acknowledged", acknowledgement: { by: "ann", comment: "" } },
      "[ACKNOWLEDGED] High Node Latency Detected",
    ],
    [{ kind: "happened", severity: "info" }, "[INFO] High Node Latency Detected"],
  ] as const)("says of %j in its first line what it is", (change, heading) => {
    expect(textOf({ ...nodeLatency, ...change }).split("\n")[0]).toBe(heading);
    expect(textOf({ ...nodeLatency, ...change }, true).split("\n")[0]).toBe(`[TEST] ${heading}`);
  });

  it("names whoever acknowledged it", () => {
    const acknowledgement = { by: "ann", comment: "on it" };
    expect(textOf({ ...nodeLatency, kind: "acknowledged", acknowledgement })).toContain(
      "\nAcknowledged by: ann (on it)",
    );
  });

  it("counts the occurrence from the second on", () => {
    expect(textOf({ ...nodeLatency, occurrence: 2 })).toContain("\nOccurrence: 2");
  });

  it("has no more lines than it was given, whatever is in them", () => {
    fc.assert(
      fc.property(transitions, (transition) => {
        const { lines, evidence, links } = transition.text;
        const text = textOf(transition);
        expect(text.split(/[\n\r\u2028\u2029\u0085]/).length).toBeLessThanOrEqual(
          1 + lines.length + evidence.length + links.length + 5,
        );
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(isCutThrough(text)).toBe(false);
      }),
    );
  });
});

it("a message has its notifications, and what is true of all of them", () => {
  const message = messageOf([nodeLatency, lowAvoidance], { more: 988, collapsed: 2, lateMs: 7_500_000 });
  expect(plainMessage(message)).toBe(
    `${textOf(nodeLatency)}

${textOf(lowAvoidance)}

And 988 more
2 alerts fired and cleared while this channel could not be reached
Delivered 2 h 5 min late`,
  );
  expect(plainMessage(messageOf([nodeLatency], { collapsed: 1 }))).toContain("\n\n1 alert fired and cleared");
});

describe("a budget", () => {
  const escaped = (text: string): string => text.replaceAll("&", "&amp;");

  it("cuts a text to whole code points", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdef", 5)).toBe("abcd…");
    expect(cut("ab😀😀", 4)).toBe("ab…");
    expect(cut("a&b", 4, escaped)).toBe("a…");
    expect(cut("abc", 0)).toBe("");
  });

  it("keeps whole lines, and says that there are more", () => {
    expect(fitLines(["one", "two", "three"], 13)).toBe("one\ntwo\nthree");
    expect(fitLines(["one", "two", "three"], 12)).toBe("one\ntwo\n…");
    expect(fitLines(["one", "two", "three"], 8)).toBe("one\n…");
    expect(fitLines(["a long line", "two"], 6)).toBe("a lon…");
    expect(fitLines([], 6)).toBe("");
  });

  it("is never exceeded, and no line is in it that was not given", () => {
    fc.assert(
      fc.property(fc.array(texts.map(cleanLine)), fc.integer({ min: 2, max: 300 }), (items, most) => {
        const text = fitLines(items, most, escaped);
        expect(text.length).toBeLessThanOrEqual(most);
        expect(isCutThrough(text)).toBe(false);
        const [first = "", ...rest] = text.split("\n");
        const given = items.map(escaped);
        expect(given.includes(first) || first.endsWith("…") || first === "").toBe(true);
        expect(rest.filter((line, index) => line !== "…" && line !== given[index + 1])).toEqual([]);
      }),
    );
  });
});

it.each([
  [400, "0 s"],
  [45_000, "45 s"],
  [59_600, "1 min"],
  [725_000, "12 min"],
  [3_599_000, "1 h"],
  [7_500_000, "2 h 5 min"],
  [86_400_000, "1 d"],
  [273_600_000, "3 d 4 h"],
])("%i ms read as %s", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
