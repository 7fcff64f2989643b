import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import type { Resource } from "@slipstream/otlp/decode";
import { type Saved, SavedFields } from "@slipstream/stats";
import { BACKLOG_MS, FRESH_MS } from "../boundaries.ts";
import type { PointEvent } from "../event.ts";
import type { LabelledStatisticValue } from "../model.ts";
import type { Migrations } from "../parts/part.ts";
import { processKey } from "../process-key.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

/** Processes that are followed at a time. */
const MOST_PROCESSES = 4_096;

/** A service that has been silent for longer was taken away without a word. Its silence is no longer told. */
const LONGEST_SILENCE_SECONDS = 24 * 3_600;

/** Saved of each process. */
const PROCESS_TIMES = 3;

interface Process {
  /** Time of the newest that came of it, Unix ms. */
  newestMs: number;
  /** Time of its last word that it ends, Unix ms. */
  endedMs: number;
  /** The newest time in what came of it, as it was given. */
  saidMs: number;
}

interface Service {
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly labels: Labels;
  /** When it was first heard of, by receipt, Unix ms; later by the time in which nobody listened. */
  firstMs: number;
  newestMs: number;
  readonly processes: Map<string, Process>;
  /** A process of it is not followed, for there are too many: whether all have ended cannot be told. */
  untracked: boolean;
}

/**
 * How long services have been silent: the time of receipt of the newest record, less the time of the newest that came of the service.
 * Ticks move it on, and old data that arrives late does not end a silence. A service all of whose processes said that they
 * end (`slipstream_process_up` is 0) is not silent; a process that was not heard of for a minute while others of its service
 * were is not waited for. While it is not known whether its clock is behind, new data that looks old may be of now, so the silence is
 * counted from its receipt: it is at least as long. It does not grow while nobody listens, as after an outage of the
 * aggregator. Nothing is known of the time before a service was first heard of: what comes first may be old, or its clock
 * may be behind, which takes a while to be found.
 */
export class ServiceSilence implements Statistic {
  readonly name = "service_silence";
  readonly version = 3;
  // Version 1 did not know when a service was first heard of, and version 2 not what clocks said that may be behind.
  readonly migrations: Migrations = {
    1: (saved) => (Array.isArray(saved) ? saved.map(withFirst) : saved),
    2: (saved) => (Array.isArray(saved) ? saved.map(withSaid) : saved),
  };
  readonly onDashboard = false;
  readonly kinds: readonly [] = [];
  // As many as there are names of services, which are bounded.
  readonly #services: Map<string, Service> = new Map();
  #processes = 0;
  // Signs of life come grouped by resource, so the last one is mostly asked for again.
  #lastResource: Resource | undefined;
  #lastKey = "";
  #lastService: Service = newService("", 0);
  #last: Process | undefined;

  hear(resource: Resource, service: string, timeMs: number, receivedMs: number, clockKnown: boolean): void {
    if (resource !== this.#lastResource) this.#find(resource, service, receivedMs);
    const process = this.#last;
    const isNews = process === undefined || timeMs > process.saidMs;
    if (process !== undefined && isNews) process.saidMs = timeMs;
    const mayBeNow = !clockKnown && isNews && receivedMs - timeMs > BACKLOG_MS;
    const newestMs = mayBeNow ? receivedMs : timeMs;
    if (newestMs > this.#lastService.newestMs) this.#lastService.newestMs = newestMs;
    if (process !== undefined && newestMs > process.newestMs) process.newestMs = newestMs;
  }

  observePoint({ name, process, timeMs, value }: PointEvent): void {
    if (name !== serviceMetrics.processUp.name || value !== 0) return;
    // The point was a sign of life of its process.
    const ending = process === this.#lastKey ? this.#last : undefined;
    if (ending !== undefined) ending.endedMs = Math.max(ending.endedMs, timeMs);
  }

  unwatched(ms: number): void {
    for (const service of this.#services.values())
      service.firstMs = Math.max(service.newestMs, service.firstMs) + ms;
  }

  read({ receivedMs }: Instant): Record<string, Entry> {
    const series = Array.from(this.#services.values(), (service): LabelledStatisticValue => {
      const { labels, processes } = service;
      const seconds = silentSeconds(service, receivedMs);
      const entry = { labels, unit: "s", count: processes.size, windowSeconds: null };
      if (seconds > LONGEST_SILENCE_SECONDS)
        return { ...entry, value: null, reason: "silent for more than 24 h: it counts as taken away" };
      const reason = hasEnded(service) ? { reason: "every process of it said that it ends" } : {};
      return { ...entry, value: seconds, ...reason };
    });
    return { service_silent_seconds: { series } };
  }

  collect({ receivedMs }: Instant): MetricFamily[] {
    const samples = Array.from(this.#services.values(), (service) => {
      return { labels: service.labels, value: silentSeconds(service, receivedMs) };
    }).filter(({ value }) => value <= LONGEST_SILENCE_SECONDS);
    return [{ definition: aggregatorMetrics.serviceSilence, samples }];
  }

  save(): Saved {
    return Array.from(this.#services, ([name, { firstMs, newestMs, untracked, processes }]) => ({
      name,
      firstMs,
      newestMs,
      untracked,
      processes: [...processes.keys()],
      times: Float64Array.from(
        Array.from(processes.values(), ({ newestMs, endedMs, saidMs }) => [newestMs, endedMs, saidMs]).flat(),
      ),
    }));
  }

  load(saved: Saved): void {
    if (!Array.isArray(saved)) throw new TypeError("Not saved silences: no list");
    for (const each of saved) {
      const fields = new SavedFields("the saved silence of a service", each);
      const keys = fields.texts("processes");
      const times = fields.doubles("times", PROCESS_TIMES * keys.length);
      const name = fields.text("name");
      const service = newService(name, fields.number("firstMs"));
      service.newestMs = fields.number("newestMs");
      service.untracked = fields.boolean("untracked");
      for (const [i, key] of keys.entries()) {
        const [newestMs = 0, endedMs = 0, saidMs = 0] = times.subarray(PROCESS_TIMES * i);
        service.processes.set(key, { newestMs, endedMs, saidMs });
      }
      this.#services.set(name, service);
      this.#processes += keys.length;
    }
  }

  #find(resource: Resource, name: string, receivedMs: number): void {
    const service = this.#services.get(name) ?? newService(name, receivedMs);
    this.#services.set(name, service);
    const key = processKey(resource);
    this.#lastResource = resource;
    this.#lastKey = key;
    this.#lastService = service;
    this.#last = service.processes.get(key) ?? this.#follow(service, key);
  }

  #follow(service: Service, key: string): Process | undefined {
    for (const [other, { newestMs }] of service.processes) {
      if (newestMs >= service.newestMs - FRESH_MS) continue;
      service.processes.delete(other);
      this.#processes -= 1;
    }
    if (this.#processes >= MOST_PROCESSES) {
      service.untracked = true;
      return undefined;
    }
    const never = Number.NEGATIVE_INFINITY;
    const process = { newestMs: never, endedMs: never, saidMs: never };
    service.processes.set(key, process);
    this.#processes += 1;
    return process;
  }
}

function newService(name: string, firstMs: number): Service {
  return {
    labels: { service: name },
    firstMs,
    newestMs: Number.NEGATIVE_INFINITY,
    processes: new Map(),
    untracked: false,
  };
}

function silentSeconds(service: Service, receivedMs: number): number {
  if (hasEnded(service)) return 0;
  const sinceMs = Math.max(service.newestMs, service.firstMs);
  return Math.round(Math.max(0, receivedMs - sinceMs)) / 1_000;
}

function hasEnded({ newestMs, processes, untracked }: Service): boolean {
  if (untracked) return false;
  for (const process of processes.values()) {
    if (process.endedMs < process.newestMs && process.newestMs >= newestMs - FRESH_MS) return false;
  }
  return processes.size > 0;
}

function withSaid(saved: Saved): Saved {
  const times = new SavedFields("the saved silence of a service", saved).doubles("times");
  const three: number[] = [];
  for (let at = 0; at < times.length; at += 2) {
    const [newestMs = 0, endedMs = 0] = times.subarray(at);
    three.push(newestMs, endedMs, newestMs);
  }
  return { ...Object(saved), times: Float64Array.from(three) };
}

function withFirst(saved: Saved): Saved {
  const fields = new SavedFields("the saved silence of a service", saved);
  return {
    name: fields.text("name"),
    firstMs: fields.number("newestMs"),
    newestMs: fields.number("newestMs"),
    untracked: fields.boolean("untracked"),
    processes: fields.texts("processes"),
    times: fields.any("times"),
  };
}
