import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { Part, Weather } from "../market/weather.ts";
import type { Random } from "../random.ts";

export type Fault = "rate_limited" | "server_error" | "unhealthy" | "dropped";

/** How long a stand-in takes for each request, and which requests fail. */
export class Temper {
  readonly #part: Part;
  readonly #random: Random;
  readonly #weather: Weather;
  readonly #clock: Clock;

  constructor(part: Part, random: Random, weather: Weather, clock: Clock) {
    this.#part = part;
    this.#random = random;
    this.#weather = weather;
    this.#clock = clock;
  }

  /**
   * Waits for the latency of this request; resolves to its fault, if any. Lognormal, with a Pareto tail of 1
   * %.
   */
  async take(medianMs: number): Promise<Fault | undefined> {
    const random = this.#random;
    const { latencyFactor, failureRate } = this.#weather.at(this.#part, this.#clock.now());
    const tail = random.chance(0.01) ? Math.min(10, random.pareto(2, 1.5)) : 1;
    const ms = random.lognormal(medianMs, 0.35) * latencyFactor * tail;
    const fault = random.chance(failureRate) ? this.#fault() : undefined;
    // Rate limiting is immediate; everything else takes its time.
    await delay(fault === "rate_limited" ? 1 : ms, undefined, { ref: false });
    return fault;
  }

  #fault(): Fault {
    return this.#random.pick(["rate_limited", "server_error", "server_error", "unhealthy", "dropped"]);
  }
}
