import { gzipSync } from "node:zlib";
import { Random } from "@slipstream/testing/random";
import { encodeJson, encodeProtobuf } from "../otlp/encode.ts";
import type { MetricsRequest, ResourceMessage, SpanMessage, TracesRequest } from "../otlp/messages.ts";
import type { Batch } from "./batch.ts";
import { gauges } from "./gauges.ts";
import { ServiceProcess } from "./service.ts";
import { TradeMaker, type Values } from "./spans.ts";

/** Late, and still within the horizon of amendment, whatever order requests under way arrive in. */
const LATE_MS = 120_000;
/** Beyond every horizon. */
const TOO_LATE_MS = 3_600_000;
/**
 * The first batches are traces of each process, for a service that was heard of by metrics alone has no time of its own.
 * The last is traces too, for it settles what waits for the passing of event time.
 */
const FIRST = 4;

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
}

/**
 * Requests of a desk under load, made one after the other when asked for: traces of three services in four
 * processes and their gauges, protobuf and JSON, some gzip; with spans that come late, spans that came before in another
 * request, spans that cannot be read, and numbers of spans that never come. The seed decides all but the times.
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

  constructor({ seed, batches, timeMs, profitOutsideWindows, onChain = [] }: LoadOptions) {
    this.batches = batches;
    this.#random = new Random(seed);
    this.#trades = new TradeMaker(this.#random, profitOutsideWindows);
    this.#timeMs = timeMs;
    this.#onChain = onChain;
    const process = (service: string, instance: string, numbered = true): ServiceProcess =>
      new ServiceProcess(this.#random, { service, instance, numbered });
    this.#processes = [
      process("desk", "a"),
      process("desk", "b"),
      process("market-maker", "a"),
      process("stock", "a", false),
    ];
  }

  /** How many batches must be taken, one after the other, before any other is sent. */
  get first(): number {
    return Math.min(FIRST, this.batches);
  }

  /** The batch of that index, always the same one. Batches are asked for in order at first. */
  batch(index: number): Batch {
    while (this.made.length <= index) this.made.push(this.#make(this.made.length));
    const made = this.made[index];
    if (made === undefined) throw new RangeError(`There is no batch ${index}.`);
    return made;
  }

  #make(index: number): Batch {
    const process = this.#processes[index < FIRST ? index : this.#random.int(0, this.#processes.length - 1)];
    if (process === undefined) throw new RangeError("There is no such process.");
    const last = index >= this.batches - 1;
    const timeMs = this.#timeMs(index);
    if (index >= FIRST && !last && this.#random.chance(0.2)) return this.#metrics(index, process, timeMs);
    return this.#traces(index, process, timeMs, index < FIRST || last);
  }

  #metrics(index: number, { resource }: ServiceProcess, timeMs: number): Batch {
    const metrics = gauges(this.#random, this.#uniqueNs(timeMs));
    const request: MetricsRequest = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
    return this.#encoded({ index, kind: "metrics", spans: [], request });
  }

  #traces(index: number, process: ServiceProcess, timeMs: number, plain: boolean): Batch {
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
    const readable = spans.map(({ traceId, spanId }) => `${process.service} ${traceId} ${spanId}`);
    const first = spans[0];
    if (first !== undefined && random.chance(0.03)) spans.push({ ...first, traceId: "0123" });
    const groups = [{ process, spans }];
    // As a Collector does that batches anew what it sends again.
    if (random.chance(0.1)) {
      const again = random.pick(this.#sent);
      groups.push({ process: again.process, spans: [again.root] });
      readable.push(`${again.process.service} ${again.root.traceId} ${again.root.spanId}`);
    }
    const resourceSpans = groups.map(
      (group): { resource: ResourceMessage; scopeSpans: { spans: SpanMessage[] }[] } => ({
        resource: group.process.resource,
        scopeSpans: [{ spans: group.spans }],
      }),
    );
    return this.#encoded({ index, kind: "traces", spans: readable, request: { resourceSpans } });
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
