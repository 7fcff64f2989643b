import type { Transition } from "@slipstream/alerts";
import { outcomeOf } from "../../http/outcome.ts";
import { basic, loginText } from "../../http/proxy.ts";
import { type Channel, failedBy, type Message, type Outcome } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";
import type { ChannelValues } from "../channel-fields.ts";
import type { alertmanagerFields } from "./options.ts";
import { type PostableAlert, postable, type StandingAlert, standingAlert } from "./postable.ts";
import { Standing } from "./standing.ts";

/** Alerts in one request. */
const MOST_TOGETHER = 64;
/** An alert is told to last so many times as long as it takes until it is told again: several may be missed. */
const LASTS = 4;
/** If Alertmanager was not told again, it is tried after this time, ms, or sooner. */
const RETRY_MS = 10_000;
/** What happened once is shown by Alertmanager for this long, ms. */
const SHOWN_MS = 5 * 60_000;

type Values = ChannelValues<typeof alertmanagerFields>;
type Context = Pick<ChannelContext, "send" | "logger" | "desk">;

/** A channel for each instance of Alertmanager: `NAME` for the first, `NAME:HOST` for the others. */
export function createAlertmanagers(name: string, values: Values, context: Context): readonly Channel[] {
  const urls = [...new Set(values.urls)];
  return urls.map(
    (url, index) =>
      new Alertmanager(index === 0 ? name : `${name}:${new URL(url).host}`, url, values, context),
  );
}

/**
 * One Alertmanager. It is told of each change when it comes, and again and again of all that fires: it forgets an alert that it is not told of.
 * Requests follow one another, so that no older state overtakes a newer one.
 */
class Alertmanager implements Channel {
  readonly name: string;
  readonly type = "alertmanager";
  readonly mostTogether = 1;
  readonly #url: string;
  readonly #values: Values;
  readonly #context: Context;
  readonly #standing: Standing;
  readonly #closing: AbortController = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;

  constructor(name: string, url: string, values: Values, context: Context) {
    this.name = name;
    this.#url = `${url.replace(/\/+$/, "").replace(/\/api\/v2(\/alerts)?$/, "")}/api/v2/alerts`;
    this.#values = values;
    this.#context = context;
    this.#standing = new Standing(context.desk);
  }

  restore(told: readonly Transition[]): void {
    for (const transition of told) this.#standing.fires(transition, Date.now());
    this.#tellAgainAfter(0);
  }

  send(message: Message, signal: AbortSignal): Promise<Outcome> {
    return this.#inOrder(() => this.#tell(message, signal));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closing.abort();
    await this.#last;
  }

  async #tell({ notifications: [notification], isTest }: Message, signal: AbortSignal): Promise<Outcome> {
    if (notification === undefined) return { outcome: "delivered" };
    if (isTest) return this.#post([postable(this.#once(notification, true), Date.now() + SHOWN_MS)], signal);
    switch (notification.kind) {
      case "acknowledged":
        // It has no such thing.
        return { outcome: "delivered" };
      case "happened":
      case "digest":
        return this.#post([postable(this.#once(notification, false), Date.now() + SHOWN_MS)], signal);
      case "resolved": {
        const outcome = await this.#post(this.#standing.resolves(notification, Date.now()), signal);
        this.#tellAgainAfter(this.#resendMs);
        return outcome;
      }
      default: {
        const outcome = await this.#post(
          this.#standing.ifFires(notification, Date.now(), this.#untilMs()),
          signal,
        );
        // One that was not taken may never be sent again.
        if (outcome.outcome === "delivered") this.#standing.fires(notification, Date.now());
        this.#tellAgainAfter(this.#resendMs);
        return outcome;
      }
    }
  }

  #once(notification: Transition, isTest: boolean): StandingAlert {
    return standingAlert(notification, isTest, this.#context.desk);
  }

  #tellAgainAfter(ms: number): void {
    if (this.#closing.signal.aborted || this.#standing.isEmpty) return;
    this.#timer ??= setTimeout(() => void this.#inOrder(() => this.#tellAgain()), ms).unref();
  }

  async #tellAgain(): Promise<void> {
    this.#timer = undefined;
    const outcome = await this.#post(this.#standing.all(Date.now(), this.#untilMs()), this.#closing.signal);
    if (this.#closing.signal.aborted) return;
    const hasFailed = outcome.outcome !== "delivered";
    const { logger } = this.#context;
    if (hasFailed && !this.#isFailing)
      logger.warn(
        { channel: this.name, reason: outcome.reason },
        "Alertmanager cannot be told again of what fires; retrying. What it is not told of resolves there",
      );
    if (!hasFailed && this.#isFailing)
      logger.info({ channel: this.name }, "Alertmanager is told again of what fires");
    this.#isFailing = hasFailed;
    this.#tellAgainAfter(hasFailed ? Math.min(RETRY_MS, this.#resendMs) : this.#resendMs);
  }

  /** Never rejects: a secret that cannot be read now may be there when it is told again. */
  async #post(alerts: readonly PostableAlert[], signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#postAll(alerts, signal);
    } catch (error) {
      return failedBy(error);
    }
  }

  /** Posts them in several requests if they are many, and gives the first outcome that is no success. */
  async #postAll(alerts: readonly PostableAlert[], signal: AbortSignal): Promise<Outcome> {
    const { username = "", password, token } = this.#values;
    const [secret, bearer] = [await password?.(), await token?.()];
    const login = secret === undefined ? undefined : loginText(username, secret);
    const secrets = [secret, login, bearer].filter((each) => each !== undefined);
    const authorization =
      bearer !== undefined ? `Bearer ${bearer}` : secret !== undefined ? basic(username, secret) : undefined;
    for (let at = 0; at < alerts.length; at += MOST_TOGETHER) {
      const sent = await this.#context.send(
        {
          url: this.#url,
          method: "POST",
          headers: {
            "content-type": "application/json",
            ...(authorization === undefined ? {} : { authorization }),
          },
          body: JSON.stringify(alerts.slice(at, at + MOST_TOGETHER)),
          secrets,
          privateAddresses: "any",
        },
        signal,
      );
      const outcome = outcomeOf(sent, secrets);
      if (outcome.outcome !== "delivered") return outcome;
    }
    return { outcome: "delivered" };
  }

  /** Also after what failed. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  get #resendMs(): number {
    return this.#values.resendSeconds * 1_000;
  }

  #untilMs(): number {
    return Date.now() + LASTS * this.#resendMs;
  }
}
