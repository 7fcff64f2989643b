import { attribute, semconv, spanName } from "@slipstream/conventions";
import { Random } from "@slipstream/testing/random";
import { gauges } from "../load/gauges.ts";
import { encodeProtobuf } from "../otlp/encode.ts";
import { keyValues } from "../otlp/messages.ts";
import { PatchableRequest } from "./patchable.ts";

export interface TrafficOptions {
  /** Event time of the first second, Unix ms. */
  readonly startMs: number;
  readonly tradesPerSecond: number;
  /** New process instances in an hour. */
  readonly instancesPerHour: number;
}

export interface Request {
  readonly kind: "traces" | "metrics";
  /** Protobuf. */
  readonly body: Uint8Array;
}

const SERVICE = "service-000";
const INSTANCE = "instance-0000000";
const PAIR = "PAIR00000/USDC";
const OPERATION = "operation-00000";
/** More than are told apart. */
const SERVICES = 400;
const OPERATIONS_AT_A_TIME = 20;

const resource = { [semconv.serviceName]: SERVICE, [semconv.serviceInstanceId]: INSTANCE };
const numberKey = attribute.slipstreamSeq;

/**
 * A day of a desk, a second at a time: trades at an even rate of processes that come and go, with pairs and operations that
 * nobody saw before, numbers that never come, spans that come late and requests that come twice.
 */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #random: Random = new Random(1);
  readonly #trades: PatchableRequest;
  readonly #operations: PatchableRequest;
  #ordinal = 2 ** 40;
  #instance = -1;
  #number = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const trade = (_: unknown, i: number) => ({
      name: spanName.tradeExecute,
      kind: 1,
      attributes: {
        [attribute.tradePair]: PAIR,
        [attribute.tradeStatus]: i % 50 === 0 ? "failed" : "success",
        [attribute.tradePnlUsd]: ((i % 9) - 3) * 1.25,
        [attribute.tradeSizeUsd]: 100 + i,
        [attribute.tradeLatencyMs]: 20 + i,
        [attribute.tradeQuotedOut]: "123456789012",
        [attribute.tradeActualOut]: "123456789000",
        [attribute.solanaPriorityFeeLamports]: 5_000 + i,
      },
    });
    const shapes = Array.from({ length: options.tradesPerSecond }, trade);
    this.#trades = new PatchableRequest({ resource, shapes, numberKey, texts: [SERVICE, INSTANCE, PAIR] });
    this.#operations = new PatchableRequest({
      resource,
      shapes: Array.from({ length: OPERATIONS_AT_A_TIME }, () => ({
        name: OPERATION,
        kind: 1,
        attributes: {},
      })),
      numberKey,
      texts: [SERVICE, INSTANCE, OPERATION],
    });
  }

  /** What comes in that second. */
  second(second: number): Request[] {
    const { startMs, instancesPerHour, tradesPerSecond } = this.#options;
    const timeMs = startMs + second * 1_000;
    const instance = Math.floor((second * instancesPerHour) / 3_600);
    if (instance !== this.#instance) this.#startInstance(instance);
    // Now and then some numbers never come.
    if (second % 20 === 7) this.#number += this.#random.int(1, 4);

    this.#trades.setText(PAIR, PAIR.replace("00000", digits(Math.floor(second / 60), 5)));
    for (let i = 0; i < tradesPerSecond; i += 1) {
      const late = second % 60 === 30 && i === 0 ? 30_000 : 0;
      this.#setSpan(this.#trades, i, timeMs + (i * 1_000) / tradesPerSecond - late);
    }
    const requests: Request[] = [{ kind: "traces", body: this.#trades.bytes() }];
    if (second % 30 === 11) requests.push({ kind: "traces", body: this.#trades.bytes() });
    if (second % 7 === 0) requests.push(this.#newOperation(second, timeMs));
    if (second % 5 === 0) requests.push(this.#gauges(timeMs));
    return requests;
  }

  #startInstance(instance: number): void {
    this.#instance = instance;
    this.#number = 0;
    for (const request of [this.#trades, this.#operations]) {
      request.setText(SERVICE, this.#service);
      request.setText(INSTANCE, this.#instanceId);
    }
  }

  get #service(): string {
    return SERVICE.replace("000", digits(this.#instance % SERVICES, 3));
  }

  get #instanceId(): string {
    return INSTANCE.replace("0000000", digits(this.#instance, 7));
  }

  #newOperation(second: number, timeMs: number): Request {
    this.#operations.setText(OPERATION, OPERATION.replace("00000", digits(second / 7, 5)));
    for (let i = 0; i < OPERATIONS_AT_A_TIME; i += 1) this.#setSpan(this.#operations, i, timeMs + i);
    return { kind: "traces", body: this.#operations.bytes() };
  }

  #gauges(timeMs: number): Request {
    const metrics = gauges(this.#random, BigInt(timeMs) * 1_000_000n);
    const attributes = keyValues({
      [semconv.serviceName]: this.#service,
      [semconv.serviceInstanceId]: this.#instanceId,
    });
    const request = { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
    return { kind: "metrics", body: encodeProtobuf(request) };
  }

  #setSpan(request: PatchableRequest, index: number, endMs: number): void {
    this.#ordinal += 1;
    this.#number += 1;
    request.setSpan(index, {
      ordinal: this.#ordinal,
      number: this.#number,
      endMs,
      durationMs: 5 + (index % 90),
    });
  }
}

function digits(value: number, length: number): string {
  return String(Math.floor(value) % 10 ** length).padStart(length, "0");
}
