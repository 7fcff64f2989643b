import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { transitionOf } from "../testing/transition.ts";
import type { DeliveryChange, DeliveryState, OutboxEntry } from "./delivery.ts";
import { OutboxTables } from "./outbox-tables.ts";
import { readTransition } from "./stored-transition.ts";

const DAY_MS = 24 * 3_600_000;

let database: DatabaseSync;
let outbox: OutboxTables;
beforeEach(() => {
  database = new DatabaseSync(":memory:");
  outbox = new OutboxTables(database, 10);
});
afterEach(() => database.close());

const entry = (key: string, given: Partial<OutboxEntry["transition"]> = {}, queuedMs = 0): OutboxEntry => ({
  transition: transitionOf({ key, ...given }),
  position: 1,
  channels: ["hook", "chat"],
  queuedMs,
});
const change = (
  key: string,
  channel: string,
  state: DeliveryState,
  attempts = 1,
  timeMs = 0,
): DeliveryChange => {
  return { key, channel, state, attempts, reason: null, timeMs };
};
const names = (all: readonly { readonly key: string; readonly channel: string }[]): readonly string[] =>
  all.map(({ key, channel }) => `${key} ${channel}`);
const count = (table: string): unknown =>
  Object.values(database.prepare(`SELECT count(*) FROM ${table}`).get() ?? {})[0];

test("a notification comes back as it was kept, until it is delivered", () => {
  const full = entry("a/1/1", {
    desk: "other",
    lateMs: 5,
    silenceEnded: { id: "s", comment: "c" },
    labels: { pair: "SOL/USDC" },
    // As a newer version may have it.
    ...{ more: { than: ["known"] } },
    text: {
      title: "High",
      lines: [{ label: null, text: "It is high" }],
      evidence: [{ label: "Trace", text: "abc" }],
      links: [{ name: "page", url: "http://127.0.0.1:9480/" }],
    },
  });
  outbox.write([full], []);
  const { waiting, known } = outbox.content();
  expect(names(waiting)).toEqual(["a/1/1 chat", "a/1/1 hook"]);
  expect(waiting.map(({ json }) => readTransition(json))).toEqual([full.transition, full.transition]);
  expect(known).toEqual([["a/1/1", 1_000]]);
  outbox.write([], [change("a/1/1", "hook", "delivered")]);
  expect(names(outbox.content().waiting)).toEqual(["a/1/1 chat"]);
});

test("a write that is carried out again changes nothing", () => {
  const writes = [
    () => outbox.write([entry("a/1/1")], []),
    () => outbox.write([], [change("a/1/1", "hook", "pending")]),
    () => outbox.write([], [change("a/1/1", "hook", "delivered")]),
  ];
  for (const write of writes) write();
  const before = outbox.content();
  for (const write of writes) write();
  expect(outbox.content()).toEqual(before);
  expect(count("deliveries")).toBe(2);
});

test("a channel was told of an episode if it took a firing, or may have, until it resolves there", () => {
  outbox.write(
    ["a", "b", "c", "d", "e"].map((alert) => entry(`${alert}/1/1`)),
    [
      change("a/1/1", "hook", "delivered"),
      change("b/1/1", "hook", "refused"),
      change("c/1/1", "hook", "refused", 2),
      change("d/1/1", "hook", "dropped", 0),
      change("e/1/1", "hook", "delivered"),
    ],
  );
  outbox.write([entry("a/1/2")], [change("a/1/2", "hook", "delivered")]);
  const resolved = entry("e/1/2", { kind: "resolved" });
  outbox.write([resolved], []);
  expect(names(outbox.content().told)).toEqual(["c/1/1 hook", "e/1/1 hook", "a/1/2 hook"]);
  outbox.write([], [change("e/1/2", "hook", "delivered")]);
  expect(names(outbox.content().told)).toEqual(["c/1/1 hook", "a/1/2 hook"]);
});

test("alerts that were left out are counted until the channel is reached", () => {
  const write = (key: string, state: DeliveryState, timeMs: number): void =>
    outbox.write([entry(key, { kind: "resolved" })], [change(key, "hook", state, 0, timeMs)]);
  write("a/1/2", "collapsed", 10);
  write("b/1/2", "delivered", 20);
  write("c/1/2", "collapsed", 30);
  write("d/1/2", "collapsed", 30);
  expect(outbox.content().collapsed).toEqual([["hook", 2]]);
});

test("the newest digest of each desk is known", () => {
  const digest = { kind: "digest", digest: { entries: [], more: 3 } } as const;
  outbox.write(
    [
      entry("catch_up/1/1", digest),
      entry("catch_up/2/1", digest),
      entry("other:catch_up/1/1", { ...digest, desk: "other" }),
    ],
    [],
  );
  const digests = outbox.content().digests.map(readTransition);
  expect(digests.map((each) => each?.key).toSorted()).toEqual(["catch_up/2/1", "other:catch_up/1/1"]);
  expect(digests[0]?.digest).toEqual({ entries: [], more: 3 });
});

test("after 30 days what is over is forgotten, and what waits or still fires is not", () => {
  const keys = ["over/1/1", "over/1/2", "fires/1/1", "waits/1/1", "summary/1/1"];
  const kinds = ["firing", "resolved", "firing", "happened", "happened"] as const;
  outbox.write(
    keys.map((key, i) => entry(key, { kind: kinds[i] ?? "firing" })),
    keys.flatMap((key) => ["hook", "chat"].map((channel) => change(key, channel, "delivered"))),
  );
  outbox.write([], [change("waits/1/1", "chat", "pending")]);
  expect(outbox.prune(30 * DAY_MS, 100)).toBe(0);
  expect(outbox.prune(31 * DAY_MS, 1)).toBe(1);
  // Without its resolve the firing could not be forgotten any more.
  expect(outbox.prune(31 * DAY_MS, 100) + outbox.prune(31 * DAY_MS, 100)).toBe(2);
  expect(outbox.content().known.map(([key]) => key)).toEqual(["fires/1/1", "waits/1/1"]);
  expect(count("deliveries")).toBe(4);
});

test("of more than are to be kept, the oldest that do not wait are forgotten", () => {
  const keys = Array.from({ length: 25 }, (_, i) => `a${i}/1/1`);
  outbox.write(
    keys.map((key) => entry(key)),
    keys.slice(1).flatMap((key) => ["hook", "chat"].map((channel) => change(key, channel, "delivered"))),
  );
  expect(outbox.prune(0, 100)).toBe(14);
  expect(outbox.content().known.map(([key]) => key)).toEqual(["a0/1/1", ...keys.slice(15)]);
});

test("what cannot be read is no notification", () => {
  const json = JSON.stringify(transitionOf({ key: "a/1/1" }));
  expect(readTransition(json)).toBeDefined();
  expect(readTransition(json.slice(1))).toBeUndefined();
  expect(readTransition(json.replace('"firing"', '"burning"'))).toBeUndefined();
});
