import type { Mergeable } from "@slipstream/stats";
import { OTHER } from "./told-apart.ts";

export interface ValueOf<T> {
  readonly value: string;
  readonly of: T;
}

/** The values with the most events, the largest first. What is beyond the limit is "other", which comes last. */
export function largest<T extends Mergeable<T>>(
  byValue: ReadonlyMap<string, T>,
  { most, sizeOf, create }: { most: number; sizeOf: (of: T) => number; create: () => T },
): readonly ValueOf<T>[] {
  const values: ValueOf<T>[] = [];
  let other: T | undefined;
  const addOther = (of: T): void => {
    other ??= create();
    other.merge(of);
  };
  for (const [value, of] of byValue) {
    // What was counted may have been taken back.
    if (sizeOf(of) === 0) continue;
    if (value === OTHER) addOther(of);
    else values.push({ value, of });
  }
  values.sort((a, b) => sizeOf(b.of) - sizeOf(a.of));
  for (const { of } of values.splice(most)) addOther(of);
  return other === undefined ? values : [...values, { value: OTHER, of: other }];
}
