import type { Random } from "../../random.ts";
import type { Names } from "../names.ts";
import type { Leader } from "./slots.ts";

const LEADERS = 40;
/** Share of the leaders that collude. */
const COLLUDING = 0.1;

/** Stakes are as uneven as on the chain. Every tenth leader colludes, whatever its stake. */
export function makeLeaders(random: Random, names: Names): [Leader, ...Leader[]] {
  const stakes = Array.from({ length: LEADERS }, () => random.pareto(1, 1.5));
  const total = stakes.reduce((sum, stake) => sum + stake, 0);
  const made = stakes.map((stake, index): Leader => {
    return {
      identity: names.address(),
      stake: stake / total,
      colludes: index % Math.round(1 / COLLUDING) === 3,
      skipRate: Math.min(0.3, random.lognormal(0.015, 0.9)),
    };
  });
  const [first, ...others] = made;
  if (first === undefined) throw new RangeError("there are no leaders");
  return [first, ...others];
}
