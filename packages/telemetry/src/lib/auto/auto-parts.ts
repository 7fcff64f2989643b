import type { Tracer } from "@opentelemetry/api";
import type { Telemetry } from "../telemetry.ts";
import type { PackageHooks } from "./register/package-hooks.ts";
import type { Speaker } from "./register/speaker.ts";

/** What each part of auto-instrumentation gets. */
export interface AutoParts extends Speaker {
  readonly telemetry: Telemetry;
  readonly tracer: Tracer;
  /** Tells when the service has loaded a file of a package. */
  readonly packages: PackageHooks;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `settle` ends what is still open, as the process is about to end, before the last delivery. */
  atEnd(settle: () => void): void;
}
