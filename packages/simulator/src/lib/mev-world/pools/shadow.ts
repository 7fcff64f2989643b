import type { Curve } from "./curve.ts";

/** A pool as it would be without the legs of the attack in progress. */
export interface Shadow {
  /** Id of the attack. */
  readonly attack: string;
  /** Direction of its front run. */
  readonly buy: boolean;
  readonly curve: Curve;
}
