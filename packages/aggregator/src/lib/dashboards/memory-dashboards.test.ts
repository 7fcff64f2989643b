import type { Publication } from "@slipstream/engine";
import { expect, test } from "vitest";
import { createMemoryDashboards } from "./memory-dashboards.ts";

const start = Date.UTC(2026, 0, 20, 12);
const day = 86_400_000;

function publication(timeMs: number, trades: number): Publication {
  return { timeMs, values: { trades_per_minute: trades, success_rate: 50 }, amended: false };
}

test("the nine keys expire after 30 s, and an unknown value has no key", async () => {
  let now = start;
  const store = createMemoryDashboards({ now: () => now });
  await store.write([publication(start, 3)], { current: true });
  expect(await store.current()).toEqual({
    "dashboard:trades_per_minute": "3",
    "dashboard:success_rate": "50",
  });
  await store.write([{ timeMs: start + 5000, values: { success_rate: 60 } }], {
    current: true,
  });
  expect(await store.current()).toEqual({ "dashboard:success_rate": "60" });
  now += 29_999;
  expect(await store.current()).toEqual({ "dashboard:success_rate": "60" });
  now += 1;
  expect(await store.current()).toEqual({});
});

test("catching up writes the series and not the keys", async () => {
  const store = createMemoryDashboards({ now: () => start });
  await store.write([publication(start - 60_000, 1)], { current: false });
  expect(await store.current()).toEqual({});
  expect(await store.series(0, start)).toHaveLength(1);
});

test("the keys are those of the newest instant of a write", async () => {
  const store = createMemoryDashboards({ now: () => start });
  await store.write([publication(start, 2), publication(start - 5000, 1)], { current: true });
  expect((await store.current())["dashboard:trades_per_minute"]).toBe("2");
});

test("an amended instant replaces the first", async () => {
  const store = createMemoryDashboards({ now: () => start });
  await store.write([publication(start, 1)], { current: false });
  const counts = await store.write([publication(start, 2)], { current: false });
  expect(counts).toEqual([{ dayMs: start - day / 2, instants: 1 }]);
  expect(await store.series(start, start)).toEqual([
    { timeMs: start, values: { trades_per_minute: 2, success_rate: 50 } },
  ]);
});

test("days older than 7 are gone, by the clock and by event time", async () => {
  let now = start;
  const store = createMemoryDashboards({ now: () => now });
  const ages = [0, 1, 7, 8, 9];
  await store.write(
    ages.map((age) => publication(start - age * day, age)),
    { current: false },
  );
  const held = async () =>
    (await store.series(0, start + 10 * day)).map(({ timeMs }) => (start - timeMs) / day);
  expect(await held()).toEqual([7, 1, 0]);
  await store.write([publication(start + day, 0)], { current: false });
  expect(await held()).toEqual([1, 0, -1]);
  now += 2 * day;
  await store.write([publication(start + day, 0)], { current: false });
  expect(await held()).toEqual([1, 0, -1]);
  now += 6 * day;
  await store.write([publication(start + day, 0)], { current: false });
  expect(await held()).toEqual([-1]);
});

test("a closed store rejects and leaves no half-open transaction", async () => {
  const store = createMemoryDashboards();
  await store.close();
  await expect(store.write([publication(start, 1)], { current: true })).rejects.toThrow();
});
