import { availableParallelism, cpus, loadavg } from "node:os";

/** On what the figures were measured. */
export interface Machine {
  readonly node: string;
  readonly cores: number;
  readonly cpu: string;
  /** Load average over the last minute: above a fraction of the cores, others were using the machine. */
  readonly load: number;
}

export function machine(): Machine {
  return {
    node: process.version,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    load: loadNow(),
  };
}

/** Load average over the last minute. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
