import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { FamilyWriter, MetricFamily } from "@slipstream/exposition";
import {
  acceptsGzip,
  type ExpositionFormat,
  encodeOpenMetrics,
  encodePrometheus,
  negotiate,
  openMetricsContentType,
  prometheusContentType,
} from "@slipstream/exposition";

const gzipAsync = promisify(gzip);

const formats: Readonly<Record<ExpositionFormat, { contentType: string; encode: FamilyWriter }>> = {
  prometheus: { contentType: prometheusContentType, encode: encodePrometheus },
  openmetrics: { contentType: openMetricsContentType, encode: encodeOpenMetrics },
};

/** A smaller body is not worth compressing. */
const leastGzipBytes = 1024;

/** What does not come from the log, such as the memory of the process and the queues of sinks, may be this old. */
const MAX_AGE_MS = 1_000;

/** Rendering takes at most one part in so many of the main thread's time, however often it is scraped. */
const SHARE = 5;

/** An exposition as it is sent. */
export interface Exposition {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ExpositionSource {
  readonly collect: () => readonly MetricFamily[];
  /** A number that changes whenever the engine has applied a record. */
  readonly state: () => number;
}

interface Rendered {
  readonly state: number;
  readonly atMs: number;
  readonly costMs: number;
  readonly plain: Buffer;
  gzipped: Promise<Buffer> | undefined;
}

/**
 * The metrics as text, rendered once for all who ask for the same: until the engine has applied another record, but for at most a
 * second. So an answer is never older than the request as far as the log goes. Who asks while the last rendering has just ended
 * waits a few milliseconds, together with the others.
 */
export class Expositions {
  readonly #source: ExpositionSource;
  readonly #rendered = new Map<ExpositionFormat, Rendered>();
  readonly #due = new Map<ExpositionFormat, Promise<Rendered>>();

  constructor(source: ExpositionSource) {
    this.#source = source;
  }

  /** In the form that a client asks for with its Accept and Accept-Encoding headers. */
  async get(wanted: {
    readonly accept?: string | undefined;
    readonly acceptEncoding?: string | undefined;
  }): Promise<Exposition> {
    const format = negotiate(wanted.accept);
    const rendered = await this.#current(format);
    const { plain } = rendered;
    const headers = {
      "content-type": formats[format].contentType,
      vary: "Accept, Accept-Encoding",
      "cache-control": "no-store",
    };
    if (plain.length < leastGzipBytes || !acceptsGzip(wanted.acceptEncoding)) return { headers, body: plain };
    // Level 1: the text is so repetitive that higher levels save little and cost the aggregator's CPU time.
    rendered.gzipped ??= gzipAsync(plain, { level: constants.Z_BEST_SPEED });
    return { headers: { ...headers, "content-encoding": "gzip" }, body: await rendered.gzipped };
  }

  async #current(format: ExpositionFormat): Promise<Rendered> {
    const last = this.#rendered.get(format);
    const nowMs = performance.now();
    if (last === undefined) return this.#render(format);
    if (last.state === this.#source.state() && nowMs - last.atMs < MAX_AGE_MS) return last;
    const waitMs = last.atMs + last.costMs * SHARE - nowMs;
    if (waitMs <= 0) return this.#render(format);
    const due = this.#due.get(format) ?? this.#renderIn(format, waitMs);
    this.#due.set(format, due);
    return due;
  }

  async #renderIn(format: ExpositionFormat, waitMs: number): Promise<Rendered> {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    this.#due.delete(format);
    return this.#render(format);
  }

  #render(format: ExpositionFormat): Rendered {
    const atMs = performance.now();
    const state = this.#source.state();
    const plain = formats[format].encode(this.#source.collect());
    const rendered = { state, atMs, costMs: performance.now() - atMs, plain, gzipped: undefined };
    this.#rendered.set(format, rendered);
    return rendered;
  }
}
