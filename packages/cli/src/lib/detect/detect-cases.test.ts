import { describe, expect, it } from "vitest";
import { detectCases } from "./detect-cases.ts";
import { detectJson } from "./detect-json.ts";
import { detectReport } from "./detect-report.ts";
import { attack, cases, event } from "./testing/attack.ts";

describe("detection of cases", () => {
  it("tells how far it is", () => {
    const seen: [number, number][] = [];
    detectCases(cases, "cases.json", { progress: (done, all) => seen.push([done, all]) });
    expect(seen).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
  });

  it("lists candidates and why they are no sandwiches", () => {
    const losing = JSON.stringify([attack[0], attack[1], event(2, "attacker", false, "19743160", "9000000")]);
    const detected = detectCases(losing, "folder/losing.json");
    expect(detectJson(detected).cases[0]).toMatchObject({
      case: "losing",
      sandwiches: [],
      candidates: [{ front: "tx0:0", back: "tx2:0", label: "shape_only", loss: null }],
    });
    expect(detectReport(detected)).toContain("-1000000 atoms of SOL: the round trip lost money");
  });

  it("takes the slot of a block from the name of its file", () => {
    const block = JSON.stringify({ blockTime: 5, transactions: [] });
    expect(detectJson(detectCases(block, "slot_5.json"))).toEqual({
      cases: [
        {
          case: "slot_5",
          swaps: 0,
          sandwiches: [],
          candidates: [],
          window: { windowMs: 1_200, slotMs: 400, slots: 3 },
          open: [],
          decoded: [],
          notDecoded: [],
        },
      ],
    });
  });

  it("lists what is outside the window, which is a time", () => {
    const [front, victim, back] = attack.map((one, at) => ({ ...one, slot: 100 + (at === 2 ? 4 : 0) }));
    const text = JSON.stringify([front, victim, back]);
    const [narrow] = detectCases(text, "wide.json");
    expect(narrow?.detection.sandwiches).toEqual([]);
    const report = detectReport(narrow === undefined ? [] : [narrow]);
    expect(report).toContain("outside the window of 1200 ms (3 slots of 400 ms, --window-ms):");
    expect(report).toContain("4 slots apart, more than the 3 that are searched");
    const [shorter] = detectCases(text, "wide.json", { slotMs: 300 });
    expect(shorter?.window).toEqual({ windowMs: 1_200, slotMs: 300, slots: 4 });
    expect(shorter?.detection.sandwiches).toHaveLength(1);
    expect(detectCases(text, "wide.json", { windowMs: 1_600 })[0]?.detection.sandwiches).toHaveLength(1);
  });
});
