export { FixedHistogram } from "./lib/fixed-histogram.ts";
export { type Interval, wilson } from "./lib/interval.ts";
export type { Mergeable } from "./lib/mergeable.ts";
export { nearestRank } from "./lib/nearest-rank.ts";
export { type PaneOptions, PaneWindow } from "./lib/pane-window.ts";
export { type QuantileEstimate, QuantileSketch } from "./lib/quantile-sketch.ts";
export { RingBuffer } from "./lib/ring-buffer.ts";
export { SKETCH_RELATIVE_ERROR } from "./lib/sketch-buckets.ts";
export type { SketchJson } from "./lib/sketch-json.ts";
