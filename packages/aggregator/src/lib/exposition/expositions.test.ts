import { gunzipSync } from "node:zlib";
import type { MetricDefinition } from "@slipstream/conventions";
import { expect, test, vi } from "vitest";
import { Expositions } from "./expositions.ts";

const definition: MetricDefinition = {
  name: "items",
  kind: "gauge",
  unit: "items",
  help: "Items.".repeat(200),
};

function counted(costMs = 0): { expositions: Expositions; renderings: () => number; apply: () => void } {
  let [renderings, state] = [0, 0];
  const expositions = new Expositions({
    collect: () => {
      renderings += 1;
      for (const beganMs = performance.now(); performance.now() - beganMs < costMs; );
      return [{ definition, samples: [{ labels: {}, value: state }] }];
    },
    state: () => state,
  });
  return { expositions, renderings: () => renderings, apply: () => (state += 1) };
}

test("is rendered once for all, whichever encoding they ask for", async () => {
  const { expositions, renderings } = counted();
  const [plain, gzipped, again] = await Promise.all([
    expositions.get({}),
    expositions.get({ acceptEncoding: "gzip" }),
    expositions.get({ acceptEncoding: "gzip" }),
  ]);
  expect(renderings()).toBe(1);
  expect(gunzipSync(gzipped.body)).toEqual(plain.body);
  expect(again.body).toBe(gzipped.body);
  await expositions.get({ accept: "application/openmetrics-text" });
  expect(renderings()).toBe(2);
});

test("what was applied before the request is in the answer", async () => {
  const { expositions, apply } = counted();
  for (let state = 0; state < 50; state++) {
    expect(String((await expositions.get({})).body)).toContain(`items ${state}\n`);
    apply();
  }
});

test("however often it is asked for, rendering takes a small part of the time", async () => {
  const costMs = 5;
  const { expositions, renderings, apply } = counted(costMs);
  const beganMs = performance.now();
  for (let round = 0; round < 20; round++) {
    apply();
    await Promise.all(Array.from({ length: 10 }, () => expositions.get({})));
  }
  const possible = (performance.now() - beganMs) / (5 * costMs) + 1;
  expect(renderings()).toBeLessThanOrEqual(Math.ceil(possible));
  expect(renderings()).toBe(20);
});

test("what does not come from the log is at most a second old", async () => {
  const { expositions, renderings } = counted();
  await expositions.get({});
  await vi.waitUntil(
    async () => {
      await expositions.get({});
      return renderings() === 2;
    },
    { timeout: 5_000 },
  );
  expect(renderings()).toBe(2);
});
