import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Transition } from "@slipstream/alerts";
import { eventually } from "@slipstream/testing/eventually";
import { startProcess } from "@slipstream/testing/real-process";
import { watchThreads } from "@slipstream/testing/threads";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { makeDirectory, removeDirectory } from "../../log/testing/folder.ts";
import type { Logger } from "../../logger.ts";
import { StateStore } from "../../state/state-store.ts";
import { type Behaviour, channelTo, type Receiver, startReceiver } from "../testing/receiver.ts";
import { alertSequence, transitionOf } from "../testing/transition.ts";
import type { DeliveryTimes } from "./channel-delivery.ts";
import { Deliverer, type RoutedChannel } from "./deliverer.ts";

const times: DeliveryTimes = { backoff: { firstMs: 10, longestMs: 40 }, sendMs: 300, closeMs: 500 };

let dataDir: string;
let lines: string[];

beforeEach(() => {
  dataDir = makeDirectory();
  lines = [];
});
afterEach(() => removeDirectory(dataDir));

const logger: Logger = {
  info: (_, message) => void lines.push(message),
  warn: (_, message) => void lines.push(message),
  error: (_, message) => void lines.push(message),
};
const said = (line: string): number => lines.filter((one) => one.startsWith(line)).length;

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  onTestFinished(() => started.close());
  return started;
}

const toAll = (...channels: RoutedChannel["channel"][]): readonly RoutedChannel[] =>
  channels.map((channel) => ({ channel, accepts: () => true }));

interface Opened {
  readonly deliverer: Deliverer;
  readonly store: StateStore;
  close(): Promise<void>;
}

/** As an aggregator has it. */
async function open(channels: readonly RoutedChannel[], more: DeliveryTimes = {}): Promise<Opened> {
  const file = join(dataDir, "state.sqlite");
  const store = await StateStore.open({ file, now: Date.now, watermark: () => undefined });
  const deliverer = new Deliverer({
    channels,
    content: await store.outbox(),
    keep: (entries, changes) => store.keepNotifications(entries, changes),
    logger,
    now: Date.now,
    times: { ...times, ...more },
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= deliverer.close().then(() => store.close());
    return closed;
  };
  onTestFinished(close);
  return { deliverer, store, close };
}

const firing = (key: string, given: Partial<Transition> = {}): Transition => transitionOf({ key, ...given });
const resolved = (key: string): Transition => transitionOf({ key, kind: "resolved" });
const keysOf = (all: readonly Transition[]): readonly string[] => all.map(({ key }) => key);
const withoutRepeats = (keys: readonly string[]): readonly string[] => [...new Set(keys)];

test("outages, 500s, hangs and resets lose nothing, and nothing overtakes", async () => {
  const there = await receiver();
  const { deliverer } = await open(toAll(channelTo("hook", there.url)));
  const all = alertSequence("latency", 60);
  const faults: readonly Behaviour[] = ["reset", 500, "hang", { retryAfterMs: 30 }, "take", 503];
  for (const [i, transition] of all.entries()) {
    there.behave(faults[i % faults.length] ?? "take");
    deliverer.take([transition], i);
    const { asked } = there;
    if (i % 7 === 0) await eventually("it is sent", () => there.asked > asked);
  }
  there.behave("take");
  await eventually("all are there", () => withoutRepeats(there.keys()).length === all.length);
  expect(withoutRepeats(there.keys())).toEqual(keysOf(all));
  await eventually("nothing waits", () => deliverer.status().hook?.queueItems === 0);
  expect(deliverer.status().hook).toMatchObject({ up: true, outcomes: { delivered: 60 } });
});

test("a channel that hangs delays no other, and is broken off", async () => {
  const [slow, quick] = [await receiver(), await receiver()];
  slow.behave("hang");
  const { deliverer } = await open(toAll(channelTo("slow", slow.url), channelTo("quick", quick.url)));
  const all = alertSequence("latency", 40);
  deliverer.take(all, 1);
  await eventually("the other has all", () => quick.keys().length === 40);
  expect(slow.keys()).toEqual([]);
  await eventually("it is tried again", () => slow.asked > 1);
  slow.behave("take");
  await eventually("all are there", () => slow.keys().length >= 40);
  expect(slow.keys()).toEqual(keysOf(all));
});

test("a channel that never answers, not even when it is told to stop, is left alone", async () => {
  const there = await receiver();
  const deaf = {
    name: "deaf",
    type: "test",
    mostTogether: 1,
    send: () => new Promise<never>(() => undefined),
  };
  const { deliverer, close } = await open(toAll(deaf, channelTo("hook", there.url)));
  deliverer.take([firing("latency/1/1")], 1);
  await eventually("it has failed", () => deliverer.status().deaf?.lastError?.includes("no answer"));
  expect(there.keys()).toEqual(["latency/1/1"]);
  await close();
});

test("a receiver that asks to wait is not asked before", async () => {
  const there = await receiver();
  const { deliverer } = await open(toAll(channelTo("hook", there.url)));
  there.behave({ retryAfterMs: 700 });
  deliverer.take([firing("latency/1/1")], 1);
  await eventually("it is asked", () => there.asked === 1);
  const askedMs = performance.now();
  there.behave("take");
  await eventually("it is there", () => there.taken.length === 1);
  expect((there.taken[0]?.atMs ?? 0) - askedMs).toBeGreaterThan(600);
  expect(there.asked).toBe(2);
});

test("a channel whose address is gone is told of on another, waits, and sends all once it is corrected", async () => {
  const [gone, other, corrected] = [await receiver(), await receiver(), await receiver()];
  gone.behave(410);
  const { deliverer } = await open(toAll(channelTo("pager", gone.url), channelTo("chat", other.url)));
  deliverer.take([firing("latency/1/1")], 1);
  await eventually("it is told", () =>
    other.keys().some((key) => key.startsWith("notifications-not-delivered:")),
  );
  expect(deliverer.status().pager).toMatchObject({
    up: false,
    parkedSinceMs: expect.any(Number),
    lastError: "answered 410",
    queueItems: 1,
  });
  deliverer.take([resolved("latency/1/2")], 2);
  expect(gone.asked).toBe(1);
  deliverer.setChannels(toAll(channelTo("pager", corrected.url), channelTo("chat", other.url)));
  await eventually("all are there", () => corrected.keys().length === 2);
  expect(corrected.keys()).toEqual(["latency/1/1", "latency/1/2"]);
  const troubles = () =>
    other.keys().filter((key) => key.startsWith("notifications-not-delivered:channel=pager/"));
  await eventually("its end is told", () => troubles().length === 2);
  expect(troubles().map((key) => key.split("/").at(-1))).toEqual(["1", "2"]);
  expect(deliverer.status().pager).toMatchObject({ up: true });
  expect(said("The channel takes no notifications until")).toBe(1);
});

test("a channel that fails for long is told of on another, once, and after a restart its end is", async () => {
  const [away, other] = [await receiver(), await receiver()];
  away.behave(500);
  const channels = toAll(channelTo("pager", away.url), channelTo("chat", other.url));
  const first = await open(channels, { troubleMs: 100 });
  first.deliverer.take([firing("latency/1/1")], 1);
  const { length } = await eventually("it is told", () => other.keys().length > 1 && other.keys());
  await eventually("it has failed again", () => away.asked > 10);
  expect(length).toBe(2);
  await first.close();
  away.behave("take");
  await open(channels, { troubleMs: 100 });
  await eventually("its end is told", () => other.keys().length === 3);
  expect(away.keys()).toEqual(["latency/1/1"]);
  expect(other.keys().at(-1)).toMatch(/^notifications-not-delivered:channel=pager\/\d+\/2$/);
});

test("a storm is one message to people, and every notification by itself to a program", async () => {
  const [chat, hook] = [await receiver(), await receiver()];
  const { deliverer } = await open(toAll(channelTo("chat", chat.url, 10), channelTo("hook", hook.url)));
  const storm = Array.from({ length: 1_000 }, (_, i) => firing(`alert-${i}/1/1`));
  deliverer.take(storm, 1);
  await eventually("all are there", () => hook.keys().length === 1_000);
  expect(chat.taken).toMatchObject([{ keys: { length: 10 }, more: 990 }]);
  expect(deliverer.status().chat?.outcomes).toEqual({ delivered: 10, counted: 990 });
});

test("of several that are refused together, only the one at fault is not sent", async () => {
  const there = await receiver();
  const channel = channelTo("chat", there.url, 10);
  const bad = "alert-2/1/1";
  const send: typeof channel.send = (message, signal) =>
    message.notifications.some(({ key }) => key === bad)
      ? Promise.resolve({ outcome: "refused", reason: "bad" })
      : channel.send(message, signal);
  const { deliverer } = await open(toAll({ ...channel, send }));
  deliverer.take(
    [1, 2, 3].map((i) => firing(`alert-${i}/1/1`)),
    1,
  );
  await eventually("the others are there", () => there.keys().length === 2);
  expect(there.keys()).toEqual(["alert-1/1/1", "alert-3/1/1"]);
  expect(deliverer.status().chat?.outcomes).toEqual({ delivered: 2, refused: 1 });
  deliverer.take([resolved("alert-2/1/2"), resolved("alert-3/1/2")], 2);
  await eventually("an end is there", () => there.keys().length === 3);
  expect(there.keys().at(-1)).toBe("alert-3/1/2");
});

test("a notification goes where its severity leads, and where it names a channel; its end goes where it went", async () => {
  const [all, severe] = [await receiver(), await receiver()];
  const { deliverer } = await open([
    { channel: channelTo("all", all.url), accepts: () => true },
    { channel: channelTo("severe", severe.url), accepts: ({ severity }) => severity === "critical" },
  ]);
  deliverer.take(
    [firing("a/1/1"), firing("b/1/1", { severity: "critical" }), firing("c/1/1", { channels: ["severe"] })],
    1,
  );
  // What it resolves from, it has reached with a higher severity.
  deliverer.take([resolved("a/1/2"), resolved("b/1/2"), resolved("c/1/2")], 2);
  await eventually("all are there", () => all.keys().length === 6 && severe.keys().length === 4);
  expect(severe.keys()).toEqual(["b/1/1", "c/1/1", "b/1/2", "c/1/2"]);
});

test("what is muted is sent to nobody", async () => {
  const there = await receiver();
  const { deliverer } = await open(toAll(channelTo("hook", there.url)));
  deliverer.take([firing("a/1/1", { muted: { by: "suppression" } }), firing("b/1/1")], 1);
  await eventually("the other is there", () => there.keys().length === 1);
  expect(there.keys()).toEqual(["b/1/1"]);
});

test("after a restart what waited is sent, and what comes again from the log is not", async () => {
  const there = await receiver();
  const channels = toAll(channelTo("hook", there.url));
  const first = await open(channels);
  const all = alertSequence("latency", 6);
  first.deliverer.take(all.slice(0, 2), 1);
  await eventually("two are there", () => there.keys().length === 2);
  there.behave(500);
  first.deliverer.take(all.slice(2, 4), 2);
  await first.close();
  there.behave("take");
  const second = await open(channels);
  second.deliverer.take(all, 3);
  await eventually("all are there", () => there.keys().length === 6);
  expect(there.keys()).toEqual(keysOf(all));
});

test("a key that was used before the alerts' state was lost gets a new one, the same each time", async () => {
  const there = await receiver();
  const channels = toAll(channelTo("hook", there.url));
  const first = await open(channels);
  first.deliverer.take([firing("latency/1/1")], 1);
  await eventually("it is there", () => there.keys().length === 1);
  await first.close();
  const again = firing("latency/1/1", { atMs: 2_000 });
  for (const _ of [1, 2]) {
    const { deliverer, close } = await open(channels);
    deliverer.take([again], 1);
    await eventually("it is there", () => there.keys().length === 2);
    await close();
  }
  expect(there.keys()).toEqual(["latency/1/1", "latency/1/1@2000"]);
});

test("the end of the state's thread loses nothing", async () => {
  const threads = watchThreads();
  onTestFinished(() => threads.stop());
  const there = await receiver();
  const channels = toAll(channelTo("hook", there.url));
  const first = await open(channels);
  const all = alertSequence("latency", 40);
  there.behave(500);
  for (const [i, transition] of all.entries()) {
    first.deliverer.take([transition], i);
    if (i % 10 === 5) await threads.kill("slipstream-state");
  }
  await first.store.flush();
  await first.close();
  there.behave("take");
  await open(channels);
  await eventually("all are there", () => there.keys().length >= all.length);
  expect(withoutRepeats(there.keys())).toEqual(keysOf(all));
});

test("notifications are sent while the state cannot be written", async () => {
  const there = await receiver();
  const { deliverer, store } = await open(toAll(channelTo("hook", there.url)));
  const { DatabaseSync } = await import("node:sqlite");
  const other = new DatabaseSync(join(dataDir, "state.sqlite"));
  other.exec("BEGIN IMMEDIATE");
  deliverer.take(alertSequence("latency", 2), 1);
  await eventually("both are there", () => there.keys().length === 2);
  await eventually("nothing can be written", () => store.fault !== undefined);
  other.exec("ROLLBACK");
  other.close();
  await store.flush();
  expect((await store.outbox()).waiting).toEqual([]);
});

test("channels that are gone, and what cannot be read, are given up and said", async () => {
  const there = await receiver();
  const channels = toAll(channelTo("hook", there.url), channelTo("chat", there.url));
  there.behave(500);
  const first = await open(channels);
  first.deliverer.take(alertSequence("latency", 2), 1);
  await first.close();
  const { DatabaseSync } = await import("node:sqlite");
  const file = new DatabaseSync(join(dataDir, "state.sqlite"));
  file.exec("UPDATE notifications SET json = '{}' WHERE kind = 'firing'");
  file.close();
  there.behave("take");
  const second = await open(toAll(channelTo("hook", there.url)));
  await eventually("nothing waits", async () => (await second.store.outbox()).waiting.length === 0);
  expect(said("Notifications wait for channels that are no longer configured")).toBe(1);
  expect(said("Notifications that wait in state.sqlite cannot be read")).toBe(1);
});

test("a process that is killed between insertion and delivery loses nothing, and repeats only with the same key", async () => {
  const there = await receiver();
  const count = 120;
  const script = fileURLToPath(new URL("../testing/deliver.main.ts", import.meta.url));
  const start = () => {
    const args = ["--conditions=slipstream-source", script, dataDir, there.url, String(count)];
    const started = startProcess(process.execPath, args, dataDir);
    onTestFinished(() => started.kill());
    return started;
  };
  const faults: readonly Behaviour[] = ["take", 500, "hang", "take", "reset"];
  for (const [round, fault] of faults.entries()) {
    there.behave(fault);
    const { asked } = there;
    const child = start();
    await eventually("it sends", () => there.asked > asked + (fault === "hang" ? 0 : 2 + 5 * round));
    await child.kill();
  }
  there.behave("take");
  start();
  await eventually("all are there", () => withoutRepeats(there.keys()).length === count);
  expect(withoutRepeats(there.keys())).toEqual(keysOf(alertSequence("latency", count)));
  // What was delivered and noted before the end of a process is not sent by the next one.
  expect(there.keys().length).toBeLessThan(2 * count);
});
