import type { Variant } from "../paired.ts";

/** A variant that takes `steps` square roots each time. */
export function work(name: string, steps: number): Variant {
  let sum = 0;
  return {
    name,
    run: (times) => {
      for (let i = 0; i < times * steps; i += 1) sum = Math.sqrt(sum + i);
    },
  };
}
