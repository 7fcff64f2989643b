import type { Transition } from "@slipstream/alerts";

/** A transition of the first firing of an alert. What it says does not matter. */
export function transitionOf(given: Partial<Transition> & Pick<Transition, "key">): Transition {
  const [alert = "", episode = "1"] = given.key.split("/");
  return {
    alert,
    rule: alert,
    labels: {},
    episode: Number(episode),
    kind: "firing",
    severity: "warning",
    occurrence: 1,
    atMs: 1_000,
    firedMs: 1_000,
    eventMs: null,
    value: 245,
    worst: 245,
    threshold: 200,
    unit: "ms",
    count: 100,
    statistic: "node_latency_p99",
    channels: [],
    text: { title: "High Node Latency Detected", lines: [], evidence: [], links: [] },
    ...given,
  };
}

/** Transitions of one alert: firing, resolved, firing, ... */
export function alertSequence(alert: string, count: number): readonly Transition[] {
  return Array.from({ length: count }, (_, i) => {
    const key = `${alert}/${Math.floor(i / 2) + 1}/${(i % 2) + 1}`;
    return transitionOf({ key, kind: i % 2 === 0 ? "firing" : "resolved" });
  });
}
