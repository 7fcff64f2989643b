import type { MetricPoint, NoLevel, Resource } from "./model.ts";
import { isPlausible, type Time, toMs } from "./time.ts";

/** OTLP's DataPointFlags: the point says that there is no value. */
const NO_RECORDED_VALUE = 1;

/** A number point as far as it has been read. One is used for all points. */
export class PointDraft {
  readonly time: Time = { ms: 0, nanos: 0 };
  value: number | undefined = undefined;
  flags = 0;
  attributes: Record<string, string> = {};

  clear(): void {
    this.time.ms = this.time.nanos = 0;
    this.value = undefined;
    this.flags = 0;
    this.attributes = {};
  }
}

/** The point, why it is refused, or undefined if it says itself that it holds no value: that is no fault, only unknown. */
export function makePoint(
  draft: PointDraft,
  name: string,
  resource: Resource,
): MetricPoint | string | undefined {
  const { time, value } = draft;
  if (time.ms === 0 && time.nanos === 0) return "the point has no time";
  if (!isPlausible(time)) return "the point's time is not between the years 2000 and 2100";
  if ((draft.flags & NO_RECORDED_VALUE) !== 0) return undefined;
  return { resource, name, attributes: draft.attributes, timeMs: toMs(time), value };
}

const DELTA = 1;

/** What a sum is, if its values are no levels. A temporality that is not given is taken for a cumulative one. */
export function noLevelOf(temporality: number, isMonotonic: boolean): NoLevel | undefined {
  if (temporality === DELTA) return "delta";
  return isMonotonic ? "monotonic" : undefined;
}
