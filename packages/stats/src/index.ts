export { type Backoff, backoffMs } from "./lib/backoff.ts";
export { benjaminiHochberg } from "./lib/benjamini-hochberg.ts";
export { betaDraw } from "./lib/beta-draw.ts";
export { binomialDraw } from "./lib/binomial.ts";
export { type BootstrapOptions, bootstrap, bootstrapEach } from "./lib/bootstrap.ts";
export { centeredIsotonic, type MonotoneCurve, valueAt } from "./lib/centered-isotonic.ts";
export { type Bounded, combinedInterval, ratioInterval } from "./lib/combined-interval.ts";
export { fisherMore } from "./lib/fisher-exact.ts";
export { FixedHistogram } from "./lib/fixed-histogram.ts";
export {
  type Interval,
  type IntervalKind,
  intervalKinds,
  type NamedInterval,
  wilson,
} from "./lib/interval.ts";
export { isotonic } from "./lib/isotonic.ts";
export { LEAST_VALUES, meanInterval } from "./lib/mean-interval.ts";
export type { Mergeable } from "./lib/mergeable.ts";
export { nearestRank } from "./lib/nearest-rank.ts";
export { type PaneOptions, PaneWindow } from "./lib/pane-window.ts";
export { poissonInterval } from "./lib/poisson-interval.ts";
export { type QuantileInterval, quantileInterval } from "./lib/quantile-interval.ts";
export { type QuantileEstimate, QuantileSketch } from "./lib/quantile-sketch.ts";
export { type Savable, type Saved, SavedFields } from "./lib/saved.ts";
export { seededRandom } from "./lib/seeded-random.ts";
export { SKETCH_RELATIVE_ERROR } from "./lib/sketch-buckets.ts";
export type { SketchJson } from "./lib/sketch-json.ts";
export { type Correlation, spearman } from "./lib/spearman.ts";
