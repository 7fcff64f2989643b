import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@slipstream/testing/eventually";
import { Random } from "@slipstream/testing/random";
import type { Supervisor } from "../crash/supervisor.ts";
import { type ChannelName, channelNames, writeAlertConfig } from "./alert-config.ts";
import type { Command } from "./commands.ts";
import { Receiver } from "./receiver.ts";

const TIMEOUT_MS = 10_000;
const SETTLE_MS = 180_000;
/** Between two commands. */
const PAUSE_MS = 250;

interface Alert {
  readonly id: string;
  readonly state: string;
  readonly episode: number;
  readonly rule: string;
  readonly acknowledged: object | null;
}

/** Whoever is told of alerts in a round, acknowledges, closes and silences them. */
export class AlertSide {
  /** Commands that the aggregator has answered: it must have kept them. */
  readonly answered: Command[] = [];
  readonly receivers: Readonly<Record<ChannelName, Receiver>>;
  /** Settings of the aggregator. */
  readonly env: Readonly<Record<string, string>>;
  readonly #random: Random;
  readonly #silences: string[] = [];

  private constructor(receivers: Readonly<Record<ChannelName, Receiver>>, random: Random, folder: string) {
    this.receivers = receivers;
    this.#random = random;
    const { all, some } = receivers;
    some.conduct = "failing";
    this.env = { SLIPSTREAM_CONFIG: writeAlertConfig(folder, { all: all.url, some: some.url }) };
  }

  /** @param folder for the aggregator's configuration */
  static async start(seed: number, folder: string): Promise<AlertSide> {
    const receivers = {
      all: await Receiver.start(new Random(seed + 1)),
      some: await Receiver.start(new Random(seed + 3)),
    };
    return new AlertSide(receivers, new Random(seed + 2), folder);
  }

  /** Gives commands until the load is sent. What meets no aggregator is forgotten. */
  async command(supervisor: Supervisor, desks: readonly string[], sent: Promise<unknown>): Promise<void> {
    let isSent = false;
    const done = (): void => {
      isSent = true;
    };
    sent.then(done, done);
    while (!isSent) {
      await sleep(PAUSE_MS * this.#random.next());
      await this.#one(await supervisor.url(), this.#random.pick(desks)).catch(() => undefined);
    }
  }

  /**
   * Has the channel that fails take what it is sent, once the other one got what waits for it, or some of it: they do not wait for each other.
   *
   * @throws Error if all of it goes on waiting
   */
  async recover(supervisor: Supervisor): Promise<void> {
    const { all, some } = this.receivers;
    const before = all.received.length;
    const moves = async (): Promise<boolean> =>
      all.received.length > before || (await queueItems(supervisor, "all")) === 0;
    await eventually("a channel is told although another one fails", moves, SETTLE_MS);
    some.conduct = "faulty";
  }

  /** Waits until nothing waits for the receivers. */
  async settle(supervisor: Supervisor): Promise<void> {
    for (const receiver of Object.values(this.receivers)) receiver.conduct = "reliable";
    for (const channel of channelNames) {
      const isEmpty = async (): Promise<boolean> => (await queueItems(supervisor, channel)) === 0;
      await eventually(`every notification delivered to ${channel}`, isEmpty, SETTLE_MS);
    }
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.receivers).map((receiver) => receiver.close()));
  }

  async #one(url: string, desk: string): Promise<void> {
    const random = this.#random;
    const query = desk === "" ? "" : `?${new URLSearchParams({ desk })}`;
    const { alerts } = (await ask(url, "GET", `/api/alerts${query}`)) as { alerts: readonly Alert[] };
    const firing = alerts.filter(({ state }) => state === "firing");
    const [silence] = this.#silences;
    if (silence !== undefined && random.chance(0.4)) {
      this.#silences.shift();
      await ask(url, "DELETE", `/api/silences/${silence}`);
      this.answered.push({ command: "expire", id: silence });
      return;
    }
    if (firing.length === 0) return;
    const { id: alert, rule, episode, acknowledged } = random.pick(firing);
    if (random.chance(0.5)) {
      const matchers = `alertname=${rule}`;
      const duration = random.pick(["1s", "1h"]);
      const { id } = (await ask(url, "POST", "/api/silences", { matchers, duration })) as { id: string };
      this.#silences.push(id);
      this.answered.push({ command: "silence", id });
      return;
    }
    const command = random.chance(0.3) ? "close" : "acknowledge";
    if (command === "acknowledge" && acknowledged !== null) return;
    await ask(url, "POST", `/api/alerts/${encodeURIComponent(alert)}/${command}${query}`, { episode });
    this.answered.push({ command, alert, episode });
  }
}

/** What waits for a channel; undefined: the aggregator does not answer now. */
async function queueItems(supervisor: Supervisor, channel: ChannelName): Promise<number | undefined> {
  const answer = (await ask(await supervisor.url(), "GET", "/api/alerts").catch(() => undefined)) as
    | { readonly channels: Readonly<Record<string, { readonly queueItems: number }>> }
    | undefined;
  return answer?.channels[channel]?.queueItems;
}

/** @throws Error if there is no answer, or one that the aggregator refuses with */
async function ask(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${method} ${path} is answered ${response.status}`);
  return response.json();
}
