import fc from "fast-check";
import { expect, test } from "vitest";
import type { Batch } from "./batch.ts";
import { BatchQueue } from "./batch-queue.ts";

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("push" as const), bytes: fc.nat(100) }),
    fc.record({ do: fc.constantFrom("shift" as const, "drop" as const, "dropKeepingFirst" as const) }),
  ),
  { maxLength: 200 },
);

test("behaves like a list", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new BatchQueue();
      const model: Batch[] = [];
      for (const step of list) {
        if (step.do === "push") {
          const batch = { body: new Uint8Array(step.bytes), spans: step.bytes };
          queue.push(batch);
          model.push(batch);
        } else if (step.do === "shift") expect(queue.shift()).toBe(model.shift());
        else if (step.do === "drop") expect(queue.dropOldest(undefined)).toBe(model.shift());
        else
          expect(queue.dropOldest(queue.peek())).toBe(model.length > 1 ? model.splice(1, 1)[0] : undefined);
        const sum = model.reduce((total, { spans }) => total + spans, 0);
        expect([queue.length, queue.bytes, queue.spans]).toEqual([model.length, sum, sum]);
        expect(queue.peek()).toBe(model[0]);
        expect(queue.toArray()).toEqual(model);
      }
    }),
  );
});

test("releases memory during long use", () => {
  const queue = new BatchQueue();
  for (let i = 0; i < 5_000; i += 1) queue.push({ body: new Uint8Array(1), spans: i });
  for (let i = 0; i < 4_999; i += 1) expect(queue.shift()?.spans).toBe(i);
  expect(queue.toArray().map(({ spans }) => spans)).toEqual([4_999]);
});
