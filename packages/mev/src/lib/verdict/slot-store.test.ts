import { expect, test } from "vitest";
import { SlotStore } from "./slot-store.ts";

test("a slot that turns out to have no block did not fail, before a restart and after it", () => {
  const slots = new SlotStore();
  slots.fail(7, "it is gone");
  slots.skip(7);
  const restored = new SlotStore();
  restored.restore(slots.save());
  for (const store of [slots, restored]) {
    expect(store.get(7)).toMatchObject({ pools: "all", failure: undefined });
  }
  expect(restored.save()).toEqual(slots.save());
});
