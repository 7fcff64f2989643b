import { semconv } from "@slipstream/conventions";
import type { Random } from "@slipstream/testing/random";
import { keyValues, type ResourceMessage } from "../otlp/messages.ts";

/** A process of a simulated service: its resource and the numbers of its spans. */
export class ServiceProcess {
  readonly service: string;
  /** "" for the aggregator's own. */
  readonly desk: string;
  readonly resource: ResourceMessage;
  readonly #random: Random;
  readonly #numbered: boolean;
  #number = 0;

  constructor(
    random: Random,
    options: { service: string; instance: string; desk?: string; numbered?: boolean },
  ) {
    const { service, instance, desk = "", numbered = true } = options;
    this.service = service;
    this.desk = desk;
    this.resource = {
      attributes: keyValues({
        [semconv.serviceName]: service,
        [semconv.serviceInstanceId]: instance,
        ...(desk === "" ? {} : { [semconv.desk]: desk }),
      }),
    };
    this.#random = random;
    this.#numbered = numbered;
  }

  /** Now and then spans are lost on their way: their numbers never come. */
  nextNumber(): number | undefined {
    if (!this.#numbered) return undefined;
    this.#number += this.#random.chance(0.01) ? this.#random.int(2, 6) : 1;
    return this.#number;
  }
}
