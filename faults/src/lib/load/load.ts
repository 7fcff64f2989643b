import { gzipSync } from "node:zlib";
import { attribute } from "@slipstream/conventions";
import { Random } from "@slipstream/testing/random";
import { encodeJson, encodeProtobuf } from "../otlp/encode.ts";
import type { MetricsRequest, SpanMessage, TracesRequest } from "../otlp/messages.ts";
import type { Batch } from "./batch.ts";
import { gauges } from "./gauges.ts";
import { ServiceProcess } from "./service.ts";
import { TradeMaker, type Values } from "./spans.ts";

/** Late, and still within the horizon of amendment, whatever order requests under way arrive in. */
const LATE_MS = 120_000;
/** Beyond every horizon. */
const TOO_LATE_MS = 3_600_000;
/** Share of the trace requests that hold another process's trades too, as a Collector's do. */
const JOINED = 0.15;

export interface LoadOptions {
  readonly seed: number;
  readonly batches: number;
  /** Event time of a batch, Unix ms. */
  readonly timeMs: (index: number) => number;
  /**
   * Whether trades that belong in no window tell their profit. At an instant of the past the profit is the total without
   * what came after it; such a trade is in the total from its arrival on, so the series depend on when that was.
   */
  readonly profitOutsideWindows: boolean;
  /** What trades tell of where they stand on a chain, each taken by one of the load's, in this order. */
  readonly onChain?: readonly Values[] | undefined;
  /** A desk beside the aggregator's own that sends too. Default: none. */
  readonly otherDesk?: string | undefined;
  /** Of its processes' instances, to tell them from another load's, which numbers its spans from 1 too. Default: "". */
  readonly prefix?: string | undefined;
}

/**
 * Requests of a desk under load, made one after the other when asked for: traces of three services in four
 * processes and their gauges, protobuf and JSON, some gzip; with spans that come late, spans that came before in another
 * request, spans that cannot be read, and numbers of spans that never come. Another desk has two of its own services, one
 * of the same name, and often shares requests with the first. The seed decides all but the times.
 *
 * The first batches are traces of each process, because a service that sent only metrics has no time of its own.
 * The last one has traces of every desk, because it settles what waits for the passing of event time.
 */
export class Load {
  readonly batches: number;
  readonly made: Batch[] = [];
  readonly #random: Random;
  readonly #trades: TradeMaker;
  readonly #timeMs: (index: number) => number;
  readonly #processes: readonly ServiceProcess[];
  readonly #sent: { readonly process: ServiceProcess; readonly root: SpanMessage }[] = [];
  readonly #onChain: readonly Values[];
  #placed = 0;
  #unique = 0n;

  constructor({
    seed,
    batches,
    timeMs,
    profitOutsideWindows,
    onChain = [],
    otherDesk,
    prefix = "",
  }: LoadOptions) {
    this.batches = batches;
    this.#random = new Random(seed);
    this.#trades = new TradeMaker(this.#random, profitOutsideWindows);
    this.#timeMs = timeMs;
    this.#onChain = onChain;
    const desk = otherDesk;
    this.#processes = [
      { service: "desk", instance: "a" },
      { service: "desk", instance: "b" },
      { service: "market-maker", instance: "a" },
      { service: "stock", instance: "a", numbered: false },
      ...(desk === undefined
        ? []
        : [
            { service: "desk", instance: "a", desk },
            { service: "arbitrage", instance: "a", desk },
          ]),
    ].map(
      ({ instance, ...options }) =>
        new ServiceProcess(this.#random, { ...options, instance: `${prefix}${instance}` }),
    );
  }

  /** How many batches must be taken, one after the other, before any other is sent. */
  get first(): number {
    return Math.min(this.#processes.length, this.batches);
  }

  /** The batch of that index, always the same one. Batches are asked for in order at first. */
  batch(index: number): Batch {
    while (this.made.length <= index) this.made.push(this.#make(this.made.length));
    const made = this.made[index];
    if (made === undefined) throw new RangeError(`There is no batch ${index}.`);
    return made;
  }

  #make(index: number): Batch {
    const random = this.#random;
    const timeMs = this.#timeMs(index);
    const first = this.#processes[index];
    if (first !== undefined) return this.#traces(index, [first], timeMs, true);
    if (index >= this.batches - 1) {
      const desks = [...new Set(this.#processes.map(({ desk }) => desk))];
      const ofEach = desks.map((desk) => random.pick(this.#processes.filter((one) => one.desk === desk)));
      return this.#traces(index, ofEach, timeMs, true);
    }
    const process = random.pick(this.#processes);
    if (random.chance(0.2)) return this.#metrics(index, process, timeMs);
    const joined = random.chance(JOINED) ? [random.pick(this.#processes)] : [];
    return this.#traces(index, [process, ...joined], timeMs, false);
  }

  #metrics(index: number, { resource }: ServiceProcess, timeMs: number): Batch {
    const metrics = gauges(this.#random, this.#uniqueNs(timeMs));
    const request: MetricsRequest = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
    return this.#encoded({ index, kind: "metrics", spans: [], request });
  }

  #traces(index: number, processes: readonly ServiceProcess[], timeMs: number, plain: boolean): Batch {
    const random = this.#random;
    const groups = processes.map((process) => ({ process, spans: this.#spans(process, timeMs, plain) }));
    // As a Collector does that batches anew what it sends again.
    if (random.chance(0.1)) {
      const { process, root } = random.pick(this.#sent);
      groups.push({ process, spans: [root] });
    }
    const counted = groups.flatMap(({ process: { desk, service }, spans }) =>
      spans.filter(isCounted).map(({ traceId, spanId }) => `${desk}/${service} ${traceId} ${spanId}`),
    );
    const [group] = groups;
    const [first] = group?.spans ?? [];
    if (first !== undefined && random.chance(0.03)) group?.spans.push({ ...first, traceId: "0123" });
    const resourceSpans = groups.map(({ process: { resource }, spans }) => ({
      resource,
      scopeSpans: [{ spans }],
    }));
    return this.#encoded({ index, kind: "traces", spans: counted, request: { resourceSpans } });
  }

  /** Spans of some trades of a process. */
  #spans(process: ServiceProcess, timeMs: number, plain: boolean): SpanMessage[] {
    const random = this.#random;
    const source = {
      nextNumber: () => process.nextNumber(),
      uniqueNs: (ms: number) => this.#uniqueNs(ms),
    };
    const spans: SpanMessage[] = [];
    for (let trades = random.int(2, 10); trades > 0; trades -= 1) {
      const lateMs = plain ? 0 : random.chance(0.05) ? LATE_MS : random.chance(0.01) ? TOO_LATE_MS : 0;
      const trade = this.#trades.trade(timeMs - lateMs, source, lateMs < TOO_LATE_MS, this.#nextOnChain());
      spans.push(...trade);
      const root = trade.at(-1);
      if (root !== undefined) this.#sent.push({ process, root });
    }
    return spans;
  }

  /** Every other trade's, while there are some. */
  #nextOnChain(): Values {
    if (this.#placed >= this.#onChain.length || this.#random.chance(0.5)) return {};
    return this.#onChain[this.#placed++] ?? {};
  }

  #encoded(batch: {
    readonly index: number;
    readonly kind: Batch["kind"];
    readonly spans: readonly string[];
    readonly request: TracesRequest | MetricsRequest;
  }): Batch {
    const { index, kind, spans, request } = batch;
    const format = this.#random.chance(0.6) ? "protobuf" : "json";
    const gzip = this.#random.chance(0.3);
    const plain = format === "protobuf" ? encodeProtobuf(request) : encodeJson(request);
    return { index, kind, format, gzip, plain, spans, body: gzip ? gzipSync(plain) : plain };
  }

  #uniqueNs(timeMs: number): bigint {
    this.#unique += 1n;
    // Whole microseconds: event times are doubles in ms, which tell no nanoseconds apart.
    return BigInt(Math.round(timeMs)) * 1_000_000n + (this.#unique % 100_000n) * 10_000n;
  }
}

/** Of canaries only those that their process numbered are spans of its service. */
function isCounted({ attributes }: SpanMessage): boolean {
  const names = new Set(attributes.map(({ key }) => key));
  return !names.has(attribute.slipstreamCanary) || names.has(attribute.slipstreamSeq);
}
