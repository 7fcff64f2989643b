import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertId, encoded } from "./alert-id.ts";

const text = fc.string({ unit: "binary", maxLength: 5 });
const labels = fc.dictionary(fc.string({ maxLength: 3 }), text, { maxKeys: 3 });

describe("the identity of an alert", () => {
  it("is its rule and its labels, in the order of their names", () => {
    expect(alertId("slow", {})).toBe("slow");
    expect(alertId("slow", { size: "10-100", pair: "SOL/USDC" })).toBe("slow:pair=SOL/USDC,size=10-100");
    expect(alertId("slow", { pair: "a=b,c:d é\u{1f600}%" })).toBe(
      "slow:pair=a%3Db%2Cc%3Ad%20%C3%A9%F0%9F%98%80%25",
    );
    expect(encoded("!'()*~\n\ud800")).toBe("%21%27%28%29%2A%7E%0A%uD800");
  });

  it("is the same for the same labels only, and has no character that a URL or a label cannot have", () => {
    fc.assert(
      fc.property(labels, labels, (one, other) => {
        const sorted = (of: Record<string, string>) => JSON.stringify(Object.entries(of).sort());
        expect(alertId("r", one) === alertId("r", other)).toBe(sorted(one) === sorted(other));
        expect(alertId("r", one)).toMatch(/^r(:[\w./%=,-]*)?$/);
      }),
    );
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(encoded(one) === encoded(other)).toBe(one === other);
      }),
    );
  });
});
