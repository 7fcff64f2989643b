import type { StoreType } from "../../instruments/service-state.ts";
import type { Telemetry } from "../../telemetry.ts";

/** Most servers that are told apart. Services have one or two; a mistake may make many. */
const MOST_ENDPOINTS = 64;

/**
 * What is known of the service's connections to one type of store. It is up if each server that was used was reached the last time; nothing
 * is known before the first attempt.
 */
export class StoreState {
  readonly #telemetry: Pick<Telemetry, "setConnections" | "setDependencyUp">;
  readonly #type: StoreType;
  readonly #reached = new Map<string, boolean>();
  #open = 0;

  constructor(telemetry: Pick<Telemetry, "setConnections" | "setDependencyUp">, type: StoreType) {
    this.#telemetry = telemetry;
    this.#type = type;
  }

  /** A connection is usable. */
  opened(endpoint: string): void {
    this.#open += 1;
    this.#telemetry.setConnections(this.#type, this.#open);
    this.answered(endpoint);
  }

  /** A connection that was usable has ended. */
  closed(): void {
    this.#open = Math.max(0, this.#open - 1);
    this.#telemetry.setConnections(this.#type, this.#open);
  }

  /** The server has answered, if only with an error. */
  answered(endpoint: string): void {
    this.#set(endpoint, true);
  }

  /** The server could not be reached, or a connection broke. */
  failed(endpoint: string): void {
    this.#telemetry.setConnections(this.#type, this.#open);
    this.#set(endpoint, false);
  }

  #set(endpoint: string, reached: boolean): void {
    if (this.#reached.get(endpoint) === reached) return;
    if (!this.#reached.has(endpoint) && this.#reached.size >= MOST_ENDPOINTS) {
      const [oldest = ""] = this.#reached.keys();
      this.#reached.delete(oldest);
    }
    this.#reached.set(endpoint, reached);
    this.#telemetry.setDependencyUp(
      this.#type,
      [...this.#reached.values()].every((up) => up),
    );
  }
}
