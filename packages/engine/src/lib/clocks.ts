import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import type { Resource } from "@slipstream/otlp/decode";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { shortName } from "./attributes.ts";
import { ClockOffset } from "./clock-offset.ts";
import type { ClockNotice } from "./notice.ts";
import { processKey } from "./process-key.ts";

/** Processes whose clocks are followed at a time. */
const MOST_PROCESSES = 4_096;
/** A process that was not heard of for so long may be forgotten to make room. */
const SILENT_MS = 600_000;
const LOOK_AGAIN_MS = 60_000;
/** The clock of a process that was not heard of for so long says nothing of its service: it may have ended. */
const FORGOTTEN_MS = 120_000;
/** An estimate that changes by more is noticed again. */
const NEWS_MS = 10_000;

interface Followed {
  readonly offset: ClockOffset;
  /** How far behind it was noticed to be, ms. */
  noticedMs: number;
}

/** The clocks of the processes that were heard of, within a bound. */
export class Clocks implements Savable {
  readonly #processes: Map<string, Followed> = new Map();
  #lookedMs: number = Number.NEGATIVE_INFINITY;
  // Items come grouped by resource, so the last one is mostly asked for again.
  #lastResource: Resource | undefined;
  #last: Followed | undefined;
  readonly #onNotice: (notice: ClockNotice) => void;
  readonly #onFound: (fromMs: number, toMs: number) => void;

  /** @param onFound told where data was placed, Unix ms, before its clock was found to be behind */
  constructor(onNotice: (notice: ClockNotice) => void, onFound: (fromMs: number, toMs: number) => void) {
    this.#onNotice = onNotice;
    this.#onFound = onFound;
  }

  /**
   * Something of a process has this time, Unix ms, and was received then.
   *
   * @param service name of its service, as it is counted
   * @returns how far its clock is behind, ms
   */
  observe(resource: Resource, service: string, timeMs: number, receivedMs: number): number {
    if (resource !== this.#lastResource) {
      this.#last = this.#of(resource, service, receivedMs);
      this.#lastResource = resource;
    }
    const followed = this.#last;
    if (followed === undefined) return 0;
    followed.offset.observe(timeMs, receivedMs);
    const { behindMs } = followed.offset;
    if (behindMs !== followed.noticedMs) this.#notice(followed, behindMs);
    return behindMs;
  }

  /** Whether it is known how far the clock is behind of the process that was observed last. */
  get isKnown(): boolean {
    return this.#last === undefined || this.#last.offset.estimateMs !== undefined;
  }

  /**
   * How far the clocks of each service are behind, seconds: the furthest of its processes that were heard of lately. Without those
   * not known.
   */
  read(nowMs: number): ReadonlyMap<string, number> {
    const services = new Map<string, number>();
    for (const { offset } of this.#processes.values()) {
      if (offset.estimateMs === undefined || nowMs - offset.receivedMs > FORGOTTEN_MS) continue;
      const seconds = Math.round(offset.behindMs) / 1_000;
      services.set(offset.service, Math.max(services.get(offset.service) ?? 0, seconds));
    }
    return services;
  }

  collect(nowMs: number): MetricFamily[] {
    const samples = Array.from(this.read(nowMs), ([service, value]) => ({ labels: { service }, value }));
    return [{ definition: aggregatorMetrics.clockBehind, samples }];
  }

  save(): Saved {
    const followed = [...this.#processes.values()];
    return {
      keys: [...this.#processes.keys()],
      offsets: followed.map(({ offset }) => offset.save()),
      noticedMs: Float64Array.from(followed, ({ noticedMs }) => noticedMs),
      lookedMs: this.#lookedMs,
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved clocks of processes", saved);
    this.#lookedMs = fields.number("lookedMs");
    const keys = fields.texts("keys");
    const offsets = fields.list("offsets");
    if (offsets.length !== keys.length) throw new TypeError("Not saved clocks: lists of different lengths");
    const noticedMs = fields.doubles("noticedMs", keys.length);
    for (const [i, key] of keys.entries()) {
      const each = new SavedFields("a saved clock of a process", offsets[i]);
      const offset = new ClockOffset(each.text("service"), each.text("instance"));
      offset.load(offsets[i]);
      this.#processes.set(key, { offset, noticedMs: noticedMs[i] ?? 0 });
    }
  }

  #of(resource: Resource, service: string, receivedMs: number): Followed | undefined {
    const key = processKey(resource);
    let followed = this.#processes.get(key);
    if (followed === undefined) {
      if (this.#processes.size >= MOST_PROCESSES) this.#forgetSilent(receivedMs);
      if (this.#processes.size >= MOST_PROCESSES) return undefined;
      followed = { offset: new ClockOffset(service, shortName(resource.instance)), noticedMs: 0 };
      this.#processes.set(key, followed);
    }
    return followed;
  }

  #forgetSilent(receivedMs: number): void {
    if (receivedMs - this.#lookedMs < LOOK_AGAIN_MS) return;
    this.#lookedMs = receivedMs;
    for (const [key, { offset }] of this.#processes)
      if (receivedMs - offset.receivedMs > SILENT_MS) this.#processes.delete(key);
  }

  #notice(followed: Followed, behindMs: number): void {
    const { offset, noticedMs } = followed;
    const isSame = (behindMs === 0) === (noticedMs === 0);
    if (isSame && Math.abs(behindMs - noticedMs) <= NEWS_MS) return;
    if (noticedMs === 0) this.#onFound(...offset.placed);
    followed.noticedMs = behindMs;
    const behindSeconds = behindMs === 0 ? null : Math.round(behindMs / 100) / 10;
    const { service, instance } = offset;
    this.#onNotice({ kind: "clock", service, instance, behindSeconds });
  }
}
