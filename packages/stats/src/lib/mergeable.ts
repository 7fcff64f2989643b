/** A statistic that can be computed from parts: merging two halves of the data equals the whole. */
export interface Mergeable<T> {
  /** Adds the contents of `other`, which stays unchanged. */
  merge(other: T): void;
}
