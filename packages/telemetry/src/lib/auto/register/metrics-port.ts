import type { InstrumentSet } from "../../instruments/instrument-set.ts";
import type { AutoParts } from "../auto-parts.ts";
export function serveMetrics(_parts: AutoParts, _instruments: InstrumentSet): void {}
