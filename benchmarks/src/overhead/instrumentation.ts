import type { SpanName } from "@slipstream/conventions";
import type { TradeDetails } from "@slipstream/telemetry";

/** Where the work tells what it does. */
export interface Instrumentation {
  execute(
    details: TradeDetails,
    work: (set: (details: TradeDetails) => void) => Promise<void>,
  ): Promise<void>;
  track<T>(operation: SpanName, work: () => T, method?: string): T;
}

/** One way of instrumenting a service. */
export interface Service extends Instrumentation {
  /** Delivers what is there. Rejects where something was lost: then what was measured is not telemetry that works. */
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}
