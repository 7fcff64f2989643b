import type { Transition } from "@slipstream/alerts";
import { fingerprint, type PostableAlert, postable, type StandingAlert, standingAlert } from "./postable.ts";

/** What has resolved is told again for this long after it was told first, ms, for Alertmanager may not have been there. */
const RESOLVED_MS = 15 * 60_000;

interface Ended {
  readonly alert: StandingAlert;
  /** Unix ms. */
  readonly endedMs: number;
  /** From then on it is not told again, Unix ms. */
  readonly untilMs: number;
}

/**
 * What one Alertmanager is to know: the alerts that fire, and those that have resolved a short while ago. It keeps no state of
 * its own that lasts: an alert that it is not told of again resolves.
 */
export class Standing {
  readonly #ownDesk: string | undefined;
  readonly #firing: Map<string, StandingAlert> = new Map();
  /** By fingerprint: an alert that fires again must not be resolved by what is told again of its former end. */
  readonly #ended: Map<string, Ended> = new Map();

  /** @param ownDesk name of the aggregator's own desk; undefined: it has none */
  constructor(ownDesk?: string) {
    this.#ownDesk = ownDesk;
  }

  /** Whether there is anything to tell. */
  get isEmpty(): boolean {
    return this.#firing.size === 0 && this.#ended.size === 0;
  }

  /** It fires. With another severity than before it is another alert to Alertmanager, and the former one ends. */
  fires(transition: Transition, nowMs: number): void {
    const identity = identityOf(transition);
    const alert = standingAlert(transition, false, this.#ownDesk);
    const former = this.#firing.get(identity);
    if (former !== undefined && fingerprint(former) !== fingerprint(alert))
      this.#end(former, endedMs(transition, nowMs), nowMs);
    this.#ended.delete(fingerprint(alert));
    this.#firing.set(identity, alert);
  }

  /** What is to be told if it fires now, before it is known whether Alertmanager has taken it. */
  ifFires(transition: Transition, nowMs: number, untilMs: number): readonly PostableAlert[] {
    const alert = standingAlert(transition, false, this.#ownDesk);
    const former = this.#firing.get(identityOf(transition));
    const ends = former !== undefined && fingerprint(former) !== fingerprint(alert);
    return [...(ends ? [postable(former, endedMs(transition, nowMs))] : []), postable(alert, untilMs)];
  }

  /** It has resolved. */
  resolves(transition: Transition, nowMs: number): readonly PostableAlert[] {
    const identity = identityOf(transition);
    const resolved = standingAlert(transition, false, this.#ownDesk);
    const former = this.#firing.get(identity);
    this.#firing.delete(identity);
    const alerts = [
      ...(former !== undefined && fingerprint(former) !== fingerprint(resolved) ? [former] : []),
      resolved,
    ];
    const atMs = endedMs(transition, nowMs);
    for (const alert of alerts) this.#end(alert, atMs, nowMs);
    return alerts.map((alert) => postable(alert, atMs));
  }

  /**
   * Everything that is to be told again. What has resolved long ago is forgotten.
   * @param untilMs what fires is to last till then
   */
  all(nowMs: number, untilMs: number): readonly PostableAlert[] {
    for (const [key, ended] of this.#ended) if (nowMs > ended.untilMs) this.#ended.delete(key);
    return [
      ...Array.from(this.#firing.values(), (alert) => postable(alert, untilMs)),
      ...Array.from(this.#ended.values(), ({ alert, endedMs }) => postable(alert, endedMs)),
    ];
  }

  #end(alert: StandingAlert, endedMs: number, nowMs: number): void {
    this.#ended.set(fingerprint(alert), { alert, endedMs, untilMs: nowMs + RESOLVED_MS });
  }
}

/** Not in the future of this machine's clock, by which Alertmanager goes: times of receipt may be ahead of it. */
function endedMs({ atMs }: Transition, nowMs: number): number {
  return Math.min(atMs, nowMs);
}

function identityOf({ desk = "", alert }: Transition): string {
  return `${desk}\n${alert}`;
}
