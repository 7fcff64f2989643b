import type { Transition } from "@slipstream/alerts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { transitionOf } from "../testing/transition.ts";
import { type Batch, ChannelQueue, COLLAPSE_MS, ends, type Settled, type Waiting } from "./channel-queue.ts";

const waiting = (key: string, given: Partial<Transition> = {}, queuedMs = 0): Waiting => ({
  transition: transitionOf({ key, ...given }),
  queuedMs,
  attempts: 0,
});
const resolved = (key: string, queuedMs = 0): Waiting => waiting(key, { kind: "resolved" }, queuedMs);
const keys = (all: readonly Waiting[] = []): readonly string[] => all.map(({ transition }) => transition.key);
const states = (settled: readonly Settled[]): readonly string[] =>
  settled.map(({ waiting: { transition }, state }) => `${transition.key} ${state}`);

function next(queue: ChannelQueue, most = 1, nowMs = 0): Batch {
  return queue.next(most, nowMs).batch ?? expect.fail("nothing waits");
}

/** Sends everything, one by one. */
function sendAll(queue: ChannelQueue, most = 1, nowMs = 0): readonly string[] {
  const sent: string[] = [];
  while (queue.size > 0) {
    const batch = next(queue, most, nowMs);
    sent.push(...keys(batch.shown));
    queue.delivered(batch);
  }
  return sent;
}

describe("a resolve", () => {
  test("goes to a channel that was told of the firing, and to no other", () => {
    const queue = new ChannelQueue();
    expect(queue.wants(resolved("a/1/2").transition)).toBe(false);
    queue.add(waiting("a/1/1"));
    expect(queue.wants(resolved("a/1/2").transition)).toBe(true);
    queue.delivered(next(queue));
    expect(queue.wants(resolved("a/1/2").transition)).toBe(true);
    expect(queue.wants(resolved("a/2/2").transition)).toBe(false);
    queue.add(resolved("a/1/2"));
    queue.delivered(next(queue));
    expect(queue.wants(resolved("a/1/2").transition)).toBe(false);
  });

  test("of another desk's alert is of another episode", () => {
    const queue = new ChannelQueue({ told: [transitionOf({ key: "a/1/1", desk: "other" })] });
    expect(queue.wants(resolved("a/1/2").transition)).toBe(false);
    expect(queue.wants(transitionOf({ key: "a/1/2", desk: "other", kind: "resolved" }))).toBe(true);
  });

  test("is left out with a firing that was refused, and sent if it may have been delivered before", () => {
    const queue = new ChannelQueue();
    queue.add(waiting("a/1/1"));
    queue.add(resolved("a/1/2"));
    expect(states(queue.refused(next(queue), "bad"))).toEqual(["a/1/1 refused", "a/1/2 skipped"]);
    queue.add(waiting("b/1/1"));
    queue.add(resolved("b/1/2"));
    next(queue);
    expect(states(queue.refused(next(queue), "bad"))).toEqual(["b/1/1 refused"]);
    expect(sendAll(queue)).toEqual(["b/1/2"]);
  });

  test("is sent if the alert escalates after its firing was refused", () => {
    const queue = new ChannelQueue();
    queue.add(waiting("a/1/1"));
    queue.add(waiting("a/1/2", { kind: "escalated" }));
    queue.add(resolved("a/1/3"));
    queue.refused(next(queue), "bad");
    expect(sendAll(queue)).toEqual(["a/1/2", "a/1/3"]);
  });
});

describe("alerts that fired and resolved while the channel could not be reached", () => {
  test("are counted once they are old; the newest stays, to say so", () => {
    const queue = new ChannelQueue();
    for (const alert of ["a", "b", "c"]) {
      queue.add(waiting(`${alert}/1/1`));
      queue.add(resolved(`${alert}/1/2`));
    }
    expect(keys(next(queue, 1, COLLAPSE_MS - 1).shown)).toEqual(["a/1/1"]);
    // The first was sent without success by then, and may have arrived.
    const { batch, settled } = queue.next(1, COLLAPSE_MS);
    expect(states(settled)).toEqual([
      "b/1/2 collapsed",
      "b/1/1 collapsed",
      "c/1/2 collapsed",
      "c/1/1 collapsed",
    ]);
    expect(batch).toMatchObject({ collapsed: 2, counted: [] });
    expect(sendAll(queue, 1, COLLAPSE_MS)).toEqual(["a/1/1", "a/1/2"]);
  });

  test("leave one, if nothing else waits", () => {
    const queue = new ChannelQueue({ collapsed: 3 });
    for (const alert of ["a", "b"]) {
      queue.add(waiting(`${alert}/1/1`));
      queue.add(resolved(`${alert}/1/2`, COLLAPSE_MS));
    }
    const batch = next(queue, 10, COLLAPSE_MS);
    expect(keys(batch.shown)).toEqual(["b/1/1", "b/1/2"]);
    expect(batch.collapsed).toBe(4);
    queue.delivered(batch);
    queue.add(waiting("c/1/1"));
    expect(next(queue).collapsed).toBe(0);
  });

  test("are kept if the channel was told of them", () => {
    const queue = new ChannelQueue({ told: [transitionOf({ key: "a/1/1" })] });
    queue.add(resolved("a/1/2"));
    queue.add(waiting("b/1/1"));
    expect(sendAll(queue, 1, COLLAPSE_MS)).toEqual(["a/1/2", "b/1/1"]);
  });
});

describe("a storm", () => {
  const severities = ["info", "warning", "critical"] as const;
  const storm = (count: number): ChannelQueue => {
    const queue = new ChannelQueue();
    for (let i = 0; i < count; i += 1)
      queue.add(waiting(`a${i}/1/1`, { severity: severities[i % 3] ?? "info" }));
    return queue;
  };

  test("becomes one message with the most severe, in their order, and the number of the rest", () => {
    const queue = storm(1_000);
    const batch = next(queue, 10);
    expect(keys(batch.shown)).toEqual(Array.from({ length: 10 }, (_, i) => `a${3 * i + 2}/1/1`));
    expect(batch.counted).toHaveLength(990);
    queue.delivered(batch);
    expect(queue.size).toBe(0);
    expect(queue.wants(resolved("a2/1/2").transition)).toBe(true);
    expect(queue.wants(resolved("a0/1/2").transition)).toBe(false);
  });

  test("of a few more than go into one message takes several messages", () => {
    expect(sendAll(storm(30), 10)).toHaveLength(30);
  });

  test("is sent one by one to a channel that takes one at a time", () => {
    expect(sendAll(storm(100), 1)).toHaveLength(100);
  });

  test("does not count what the channel has to be told: the end of what it was told of", () => {
    const told = Array.from({ length: 15 }, (_, i) => transitionOf({ key: `b${i}/1/1` }));
    const queue = new ChannelQueue({ told });
    for (let i = 0; i < 100; i += 1) {
      queue.add(waiting(`a${i}/1/1`, { severity: "critical" }));
      queue.add(resolved(`a${i}/1/2`));
    }
    for (let i = 0; i < 15; i += 1) queue.add(resolved(`b${i}/1/2`));
    const sent = sendAll(queue, 10);
    expect(sent.filter((key) => key.startsWith("b"))).toHaveLength(15);
    expect(sent.filter((key) => key.startsWith("a")).length).toBeLessThanOrEqual(30);
  });

  test("of 10,000 takes no long time", () => {
    const queue = new ChannelQueue();
    const beganMs = performance.now();
    for (let i = 0; i < 5_000; i += 1) {
      queue.add(waiting(`a${i}/1/1`));
      queue.add(resolved(`a${i}/1/2`));
    }
    sendAll(queue, 10);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
  });
});

describe("a full queue", () => {
  test("collapses first, and drops the oldest then; what is being sent stays, and the end of what was told", () => {
    const queue = new ChannelQueue({ most: 4, told: [transitionOf({ key: "t/1/1" })] });
    queue.add(resolved("t/1/2"));
    queue.add(waiting("a/1/1"));
    queue.add(resolved("a/1/2"));
    queue.add(waiting("b/1/1"));
    expect(states(queue.add(waiting("c/1/1")))).toEqual(["a/1/2 collapsed", "a/1/1 collapsed"]);
    const batch = next(queue);
    expect(keys(batch.shown)).toEqual(["t/1/2"]);
    queue.delivered(batch);
    next(queue);
    queue.add(waiting("d/1/1"));
    queue.add(waiting("e/1/1"));
    // b is being sent.
    expect(states(queue.add(waiting("f/1/1")))).toEqual(["c/1/1 dropped"]);
  });
});

test("a full queue that is old takes no long time, neither for what comes nor to be sent one by one", () => {
  const queue = new ChannelQueue();
  const beganMs = performance.now();
  for (let i = 0; i < 12_000; i += 1) queue.add(waiting(`a${i}/1/1`));
  expect(sendAll(queue, 1, COLLAPSE_MS)).toHaveLength(10_000);
  expect(performance.now() - beganMs).toBeLessThan(2_000);
});

test("a message that counts alerts which are collapsed meanwhile settles each of them once", () => {
  const queue = new ChannelQueue({ most: 40 });
  for (let i = 0; i < 40; i += 1) queue.add(waiting(`a${i}/1/1`));
  const batch = next(queue, 10);
  const settled = Array.from({ length: 5 }, (_, i) => queue.add(waiting(`b${i}/1/1`))).flat();
  expect(settled.map(({ state }) => state)).toEqual(["dropped", "dropped", "dropped", "dropped", "dropped"]);
  const after = queue.delivered(batch);
  expect(after).toHaveLength(35);
  expect(queue.size).toBe(5);
});

/** What happens to a queue, as it may come. */
const doing = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("come" as const), alert: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("deliver" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fail" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refuse" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(COLLAPSE_MS) }) },
);

test("a channel gets each thing once, in order, and the end of exactly those episodes that it was told of", () => {
  fc.assert(
    fc.property(
      fc.array(doing, { maxLength: 120 }),
      fc.constantFrom(1, 2, 5),
      fc.constantFrom(6, 1_000),
      (all, most, bound) => {
        const queue = new ChannelQueue({ most: bound });
        /** Episode and transition of each alert. */
        const alerts = [0, 1, 2, 3].map(() => ({ episode: 1, n: 0 }));
        const delivered: Transition[] = [];
        const maybe = new Set<string>();
        const settled: Settled[] = [];
        let added = 0;
        let nowMs = 0;
        const episodeOf = ({ alert, episode }: Transition): string => `${alert}/${episode}`;
        const send = (how: "deliver" | "fail" | "refuse"): void => {
          const { batch, settled: collapsed } = queue.next(most, nowMs);
          settled.push(...collapsed);
          if (batch === undefined) return;
          if (how === "deliver") delivered.push(...batch.shown.map(({ transition }) => transition));
          if (how !== "refuse") for (const { transition } of batch.shown) maybe.add(episodeOf(transition));
          if (how === "deliver") settled.push(...queue.delivered(batch));
          if (how === "refuse") settled.push(...queue.refused(batch, "bad"));
        };
        for (const each of all) {
          if (each.do === "pass") nowMs += each.ms;
          else if (each.do === "come") {
            const state = alerts[each.alert] ?? expect.fail();
            state.n += 1;
            const kind =
              (["firing", "escalated", "acknowledged", "resolved"] as const)[state.n - 1] ?? "firing";
            const one = waiting(`${each.alert}/${state.episode}/${state.n}`, { kind }, nowMs);
            if (queue.wants(one.transition)) {
              added += 1;
              settled.push(...queue.add(one));
            }
            if (kind === "resolved") alerts[each.alert] = { episode: state.episode + 1, n: 0 };
          } else send(each.do);
          expect(queue.size).toBeLessThanOrEqual(bound);
        }
        while (queue.size > 0) send("deliver");
        expect(settled).toHaveLength(added);
        expect(new Set(settled.map(({ waiting: { transition } }) => transition.key)).size).toBe(added);
        const lastOf = new Map<string, number>();
        for (const transition of delivered) {
          const { alert, episode, key } = transition;
          const place = episode * 10 + Number(key.split("/").at(-1));
          expect(place).toBeGreaterThan(lastOf.get(alert) ?? 0);
          lastOf.set(alert, place);
          if (ends(transition)) expect(maybe).toContain(episodeOf(transition));
        }
        // In a bound that is never reached nothing is dropped, so no resolve is missed.
        if (bound < 1_000) return;
        const ended = new Set(delivered.filter(({ kind }) => kind === "resolved").map(episodeOf));
        const refused = settled
          .filter(({ state }) => state === "refused")
          .map(({ waiting }) => episodeOf(waiting.transition));
        for (const transition of delivered.filter(({ kind }) => kind === "firing" || kind === "escalated")) {
          const isOver = (alerts[Number(transition.alert)]?.episode ?? 1) > transition.episode;
          const episode = episodeOf(transition);
          if (isOver && !refused.includes(episode)) expect(ended).toContain(episode);
        }
      },
    ),
    { numRuns: 500 },
  );
});
