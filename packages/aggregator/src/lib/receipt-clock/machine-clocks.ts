import { uptime } from "node:os";

/** The clocks of a machine, all in ms. */
export interface Clocks {
  /** Unix ms. It can be set, forward and back. */
  readonly wallMs: () => number;
  /** It is never set, and stands still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** It is never set, and goes on while the machine sleeps. */
  readonly bootMs: () => number;
}

/** Where the time since the machine started cannot be read, nothing is known of its sleep. */
function bootMs(): number {
  try {
    return uptime() * 1_000;
  } catch {
    return performance.now();
  }
}

/** The clocks of this machine. */
export const machineClocks: Clocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  bootMs,
};
