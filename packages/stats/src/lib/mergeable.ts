/** A statistic whose parts, taken from two halves of the data, add up to that of the whole. */
export interface Mergeable<T> {
  /** Adds what `other` holds to this one; `other` stays as it is. */
  merge(other: T): void;
}
