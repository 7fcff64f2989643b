import type { Tracer } from "@opentelemetry/api";
import type { Instruments } from "../../instruments/instruments.ts";

/** What calls are written with. */
export interface CallParts {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  /** Gets an error that happened where nobody else can. Must not throw. */
  readonly onError: (error: unknown) => void;
}
