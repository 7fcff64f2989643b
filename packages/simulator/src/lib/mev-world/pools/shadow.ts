import type { Curve } from "./curve.ts";

/** A pool as it would be without the legs of the attack that is under way in it. */
export interface Shadow {
  /** Id of the attack. */
  readonly attack: string;
  /** Direction of its front legs. */
  readonly buy: boolean;
  readonly curve: Curve;
}
