import fc from "fast-check";
import { expect, it } from "vitest";
import { TradeRing } from "./trade-ring.ts";

it("the ring gives back what was put in, in order, and counts what it cannot hold", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant("take" as const), fc.double()), { maxLength: 200 }),
      (steps) => {
        const ring = new TradeRing(8);
        const model: number[] = [];
        let dropped = 0;
        for (const step of steps) {
          if (step === "take") {
            expect(ring.take()?.startMs).toEqual(model.shift());
          } else {
            if (model.length < 8) model.push(step);
            else dropped += 1;
            ring.put(step, step, step > 0, { id: String(step) });
          }
          expect(ring.length).toBe(model.length);
          expect(ring.dropped).toBe(dropped);
        }
        for (const value of model) {
          expect(ring.take()).toEqual({
            startMs: value,
            endMs: value,
            success: value > 0,
            details: { id: String(value) },
          });
        }
      },
    ),
  );
});
