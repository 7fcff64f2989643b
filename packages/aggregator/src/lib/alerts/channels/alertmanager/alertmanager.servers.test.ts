import { join } from "node:path";
import type { Transition } from "@slipstream/alerts";
import type { AlertmanagerServer, ShownAlert } from "@slipstream/testing/alertmanager-server";
import { eventually } from "@slipstream/testing/eventually";
import { startedAlertmanager } from "@slipstream/testing/started";
import { expect, onTestFinished, test } from "vitest";
import { channelOf } from "../../testing/channel-test.ts";
import { messageOf, nodeLatency } from "../../testing/transitions.ts";
import type { Channel, Outcome } from "../channel.ts";

/** The configuration that desks are given. */
const CONFIG = join(import.meta.dirname, "../../../../../../../alertmanager/alertmanager.yml");

const fired: Transition = { ...nodeLatency, labels: { service: "desk-1" } };

/** As long ago as if it had just come about. */
function now(transition: Transition): Transition {
  const atMs = Date.now();
  return { ...transition, atMs, firedMs: transition.kind === "resolved" ? transition.firedMs : atMs };
}

async function started(resendSeconds = 60, desk?: string) {
  const alertmanager = await startedAlertmanager(CONFIG);
  const channel = await channelTo(alertmanager, resendSeconds, desk);
  return { alertmanager, channel };
}

/** As an aggregator has it whose own desk is this one. */
async function channelTo({ url }: AlertmanagerServer, resendSeconds = 60, desk?: string): Promise<Channel> {
  const { channel } = await channelOf(
    { type: "alertmanager", urls: [url], resendSeconds },
    undefined,
    {},
    desk,
  );
  onTestFinished(() => channel.close?.());
  return channel;
}

const tell = (channel: Channel, transition: Transition, isTest = false): Promise<Outcome> =>
  channel.send(messageOf([transition], { isTest }), AbortSignal.timeout(20_000));

async function shown(alertmanager: AlertmanagerServer, filter: string): Promise<ShownAlert | undefined> {
  const [alert] = await alertmanager.alerts(filter);
  return alert;
}

const fromPrometheus = (labels: Readonly<Record<string, string>>): object => ({
  labels: { alertname: "node-latency", source: "prometheus", severity: "critical", ...labels },
  annotations: { summary: "as Prometheus sees it" },
});

test("an alert fires, mutes the same alert of Prometheus and no other, and resolves", async () => {
  const { alertmanager, channel } = await started();
  await alertmanager.post([
    fromPrometheus({ service: "desk-1" }),
    fromPrometheus({ service: "desk-2" }),
    fromPrometheus({}),
    fromPrometheus({ service: "desk-1", alertname: "other" }),
  ]);
  const firing = now(fired);
  expect(await tell(channel, firing)).toEqual({ outcome: "delivered" });

  const own = await eventually("it fires", () => shown(alertmanager, 'source="slipstream"'));
  expect(own.labels).toEqual({
    alertname: "node-latency",
    severity: "critical",
    source: "slipstream",
    service: "desk-1",
  });
  expect(own.annotations).toMatchObject({
    summary: "High Node Latency Detected",
    description: expect.stringContaining("Solana node P99 latency is 245ms (threshold: 200ms)") as string,
    action: "Check node health or switch to backup",
    value: "245ms",
  });
  expect(Date.parse(own.startsAt)).toBe(firing.firedMs);
  expect(Date.parse(own.endsAt)).toBeGreaterThan(Date.now() + 3 * 60_000);

  const states = await eventually("Prometheus's alert is muted", async () => {
    const all = await alertmanager.alerts('source="prometheus"');
    const byLabels = all.map(({ labels, status }) => [labels.alertname, labels.service, status.state]);
    return byLabels.some(([, , state]) => state === "suppressed") && byLabels.toSorted();
  });
  expect(states).toEqual(
    [
      ["node-latency", undefined, "active"],
      ["node-latency", "desk-1", "suppressed"],
      ["node-latency", "desk-2", "active"],
      ["other", "desk-1", "active"],
    ].toSorted(),
  );

  await tell(channel, now({ ...firing, kind: "resolved" }));
  await eventually(
    "it has resolved",
    async () => (await shown(alertmanager, 'source="slipstream"')) === undefined,
  );
  await eventually("Prometheus's alert is heard again", async () => {
    const all = await alertmanager.alerts('source="prometheus"');
    return all.every(({ status }) => status.state === "active");
  });
});

/** By then Alertmanager has looked at all alerts that it was sent before. */
async function untilMuting(alertmanager: AlertmanagerServer, channel: Channel): Promise<void> {
  await alertmanager.post([fromPrometheus({ service: "control" })]);
  await tell(channel, now({ ...fired, alert: "control", labels: { service: "control" } }));
  await eventually("the other alert is muted", async () => {
    const [alert] = await alertmanager.alerts('source="prometheus"', 'service="control"');
    return alert?.status.state === "suppressed";
  });
}

test("services that notify by themselves and have no desk are told apart, and what they report Prometheus need not", async () => {
  const { alertmanager, channel } = await started();
  await alertmanager.post([
    fromPrometheus({ service: "slipstream" }),
    fromPrometheus({ service: "slipstream", desk: "gamma" }),
  ]);
  const of = (service: string): Transition => ({ ...now(nodeLatency), desk: service, deskIsService: true });
  for (const service of ["arbitrage", "market-maker"]) await tell(channel, of(service));
  const own = await eventually("both fire", async () => {
    const alerts = await alertmanager.alerts('source="slipstream"');
    return alerts.length === 2 && alerts;
  });
  expect(own.map(({ labels: { monitor, desk } }) => [monitor, desk]).toSorted()).toEqual([
    ["arbitrage", undefined],
    ["market-maker", undefined],
  ]);
  const states = async (): Promise<readonly (readonly [string | undefined, string])[]> =>
    (await alertmanager.alerts('source="prometheus"')).map(({ labels, status }) => [
      labels.desk,
      status.state,
    ]);
  await eventually("the condition pages once", async () =>
    (await states()).every(([desk, state]) => state === (desk === undefined ? "suppressed" : "active")),
  );
  await tell(channel, { ...of("arbitrage"), kind: "resolved" });
  await eventually(
    "one has resolved",
    async () => (await alertmanager.alerts('source="slipstream"')).length === 1,
  );
  expect(await states()).toContainEqual([undefined, "suppressed"]);
});

test("aggregators of several desks tell one Alertmanager of the same alert, and each mutes and ends that of its own desk", async () => {
  const { alertmanager, channel } = await started(60, "alpha");
  const other = await channelTo(alertmanager, 60, "beta");
  const unnamed = await channelTo(alertmanager);
  const control = { service: "desk-1", desk: "gamma" };
  await alertmanager.post([
    ...["alpha", "beta"].map((desk) => fromPrometheus({ service: "desk-1", desk })),
    fromPrometheus({ service: "desk-1" }),
    fromPrometheus(control),
  ]);
  const firing = now(fired);
  const states = async (): Promise<Record<string, string>> => {
    const all = await alertmanager.alerts('source="prometheus"', 'service="desk-1"');
    return Object.fromEntries(all.map(({ labels, status }) => [labels.desk ?? "", status.state]));
  };
  for (const each of [channel, other, unnamed]) await tell(each, firing);
  await eventually(
    "three desks have it",
    async () => (await alertmanager.alerts('source="slipstream"')).length === 3,
  );
  await eventually("each is muted but that of a desk without an aggregator", async () => {
    const { gamma, ...rest } = await states();
    return gamma === "active" && Object.values(rest).every((state) => state === "suppressed");
  });
  // A desk of another aggregator than the own one names itself.
  await tell(unnamed, { ...firing, desk: "gamma" });
  await eventually("the other desk's is muted", async () => (await states()).gamma === "suppressed");

  await tell(other, now({ ...firing, kind: "resolved" }));
  await eventually("one desk's has resolved", async () => (await states()).beta === "active");
  const { alpha, "": none } = await states();
  expect([alpha, none]).toEqual(["suppressed", "suppressed"]);
});

test("a label that both lack does not count as equal", async () => {
  const { alertmanager, channel } = await started();
  await alertmanager.post([
    { labels: { alertname: "node-latency", source: "slipstream", severity: "critical" } },
    fromPrometheus({}),
  ]);
  await untilMuting(alertmanager, channel);
  const [prometheus] = await alertmanager.alerts('source="prometheus"', 'service=""');
  expect(prometheus?.status.inhibitedBy).toEqual([]);
});

test("an alert that escalates is critical from then on, and no longer a warning", async () => {
  const { alertmanager, channel } = await started();
  const warning = now({ ...fired, severity: "warning" });
  await tell(channel, warning);
  await eventually("it is a warning", () => shown(alertmanager, 'severity="warning"'));
  await tell(channel, { ...warning, kind: "escalated", severity: "critical", atMs: Date.now() });
  await eventually("it is critical", () => shown(alertmanager, 'severity="critical"'));
  await eventually("only", async () => (await alertmanager.alerts()).length === 1);
  await tell(channel, now({ ...warning, kind: "resolved", severity: "critical" }));
  expect(await eventually("it has resolved", async () => (await alertmanager.alerts()).length === 0)).toBe(
    true,
  );
});

test("what fires is told again, also to an Alertmanager that was restarted", async () => {
  const { alertmanager, channel } = await started(1);
  await tell(channel, now(fired));
  const first = await eventually("it fires", () => shown(alertmanager, 'source="slipstream"'));
  await eventually("its end has moved on", async () => {
    const later = await shown(alertmanager, 'source="slipstream"');
    return later !== undefined && Date.parse(later.endsAt) > Date.parse(first.endsAt) + 4_000;
  });
  await alertmanager.kill();
  await alertmanager.restart();
  const again = await eventually("it fires there, too", () => shown(alertmanager, 'source="slipstream"'));
  expect(again.startsAt).toBe(first.startsAt);
});

test("after a restart of the aggregator, what fires is told again", async () => {
  const { alertmanager, channel } = await started();
  const firing = now(fired);
  channel.restore?.([firing]);
  const own = await eventually("it fires", () => shown(alertmanager, 'source="slipstream"'));
  expect(Date.parse(own.startsAt)).toBe(firing.firedMs);
});

test("an alert that nobody tells of any more resolves by itself", async () => {
  const { alertmanager, channel } = await started(1);
  await tell(channel, now(fired));
  await eventually("it fires", () => shown(alertmanager, 'source="slipstream"'));
  await channel.close?.();
  const gone = async (): Promise<boolean> => (await shown(alertmanager, 'source="slipstream"')) === undefined;
  expect(await eventually("it has resolved", gone)).toBe(true);
});

test("a test says so and mutes nothing", async () => {
  const { alertmanager, channel } = await started();
  await alertmanager.post([fromPrometheus({ service: "desk-1" })]);
  await tell(channel, now(fired), true);
  const own = await eventually("it is there", () => shown(alertmanager, 'test="true"'));
  expect(own.annotations.summary).toBe("[TEST] High Node Latency Detected");
  await untilMuting(alertmanager, channel);
  const muted = await alertmanager.alerts('source="prometheus"', 'service="desk-1"');
  expect(muted.map(({ status }) => status.inhibitedBy)).toEqual([[]]);
});
