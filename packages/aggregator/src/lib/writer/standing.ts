import type { Lease, LeaseState, Writer } from "./writer.ts";

/** Called when the lease is taken, lost or refused, and when another has it. */
export type OnLeaseState = ((state: LeaseState) => void) | undefined;

/** How a process stands to a lease that it wants, whichever store keeps it. */
export class Standing {
  readonly #writer: Writer;
  readonly #onState: OnLeaseState;
  #state: LeaseState = { held: null };
  #copied = false;

  constructor(writer: Writer, onState: OnLeaseState) {
    this.#writer = writer;
    this.#onState = onState;
  }

  get state(): LeaseState {
    return this.#state;
  }

  /** Whether a process with our instance took the lease from us: our data folder has a copy. */
  get copied(): boolean {
    return this.#copied;
  }

  /** The lease is ours. */
  held(epoch: number): void {
    const { desk, instance, host, pid } = this.#writer;
    this.#set({ held: true, lease: { desk, instance, host, pid, epoch } });
  }

  /**
   * Another has the lease.
   *
   * @param lease undefined if it is not known whose it is
   * @param wasOurs we had it until now
   * @param coveredBy the store whose lease it is, if it covers this store
   */
  refused(lease: Lease | undefined, wasOurs: boolean, coveredBy?: "redis"): void {
    if (wasOurs && lease?.instance === this.#writer.instance) this.#copied = true;
    this.#set({
      held: false,
      ...(lease === undefined ? {} : { lease }),
      ...(coveredBy === undefined ? {} : { coveredBy }),
    });
  }

  /** The store cannot be asked. */
  unknown(): void {
    this.#set({ held: null });
  }

  #set(state: LeaseState): void {
    const changed = state.held !== this.#state.held || state.lease?.epoch !== this.#state.lease?.epoch;
    this.#state = state;
    if (changed) this.#onState?.(state);
  }
}
