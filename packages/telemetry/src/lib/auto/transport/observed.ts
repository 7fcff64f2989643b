import type { Context } from "@opentelemetry/api";
import { isTracingSuppressed } from "../../sdk.ts";

/** Whether requests in this context are followed: telemetry's own, and those of other exporters, are not. */
export function isObserved(within: Context): boolean {
  return !isTracingSuppressed(within);
}
