import type { ActivityView } from "./activity.ts";
import type { ActorEntry, ActorView } from "./actor-book.ts";

/**
 * What was known of those around a trade when it was judged, beside the swaps themselves: with it, the same
 * swaps give the same verdict again. Only what was looked up and is known.
 */
export interface VerdictBasis {
  /** Slots on each side of the trade's that counted. */
  readonly distance?: number | undefined;
  readonly actors?: readonly KnownActor[];
  readonly activity?: readonly KnownActivity[];
  /** Signers of the desk beside those of the judged trades. */
  readonly own?: readonly string[];
  /** The pools whose swaps counted, the first letters of each. Absent if that were too many. */
  readonly pools?: readonly string[] | undefined;
}

/** Sandwiches of an address, and how many of its signers attack or do not. */
export type KnownActor = readonly [address: string, sandwiches: number, attackers: number, strangers: number];

export type KnownActivity = readonly [signer: string, swaps: number, sandwiches: number];

/** Entries of each kind that are kept. */
const mostKnown = 64;
/** These many letters tell the pools around a trade apart. */
export const poolLetters = 8;

/** Notes what is looked up while verdicts are made. */
export class BasisRecorder {
  readonly #actors: Map<string, ActorEntry>;
  readonly #activity: Map<string, ReturnType<ActivityView["of"]>>;

  constructor(from?: BasisRecorder) {
    this.#actors = new Map(from === undefined ? [] : from.#actors);
    this.#activity = new Map(from === undefined ? [] : from.#activity);
  }

  /** One that has noted the same, and goes on by itself. */
  copy(): BasisRecorder {
    return new BasisRecorder(this);
  }

  activity(view: ActivityView): ActivityView {
    return {
      changes: view.changes,
      of: (signer) => {
        const known = view.of(signer);
        if (known.swaps > 0 || known.sandwiches > 0) this.#activity.set(signer, known);
        return known;
      },
    };
  }

  actors(view: ActorView): ActorView {
    return {
      changes: view.changes,
      get: (address) => {
        const known = view.get(address);
        if (known !== undefined) this.#actors.set(address, known);
        return known;
      },
    };
  }

  /**
   * @param own Signers of the desk that matter for the verdicts.
   * @param used The pools whose swaps counted.
   */
  basis(own: readonly string[], used: readonly string[]): VerdictBasis {
    const pools = [...new Set(used.map((pool) => pool.slice(0, poolLetters)))].sort();
    const actors = [...this.#actors]
      .sort(byName)
      .map(
        ([address, { sandwiches, attackers, strangers }]): KnownActor => [
          address,
          sandwiches,
          attackers.length,
          strangers.length,
        ],
      );
    const activity = [...this.#activity]
      .sort(byName)
      .map(([signer, { swaps, sandwiches }]): KnownActivity => [signer, swaps, sandwiches]);
    return {
      ...(actors.length === 0 ? {} : { actors: actors.slice(0, mostKnown) }),
      ...(activity.length === 0 ? {} : { activity: activity.slice(0, mostKnown) }),
      ...(own.length === 0 ? {} : { own: own.slice(0, mostKnown) }),
      ...(pools.length > mostKnown ? {} : { pools }),
    };
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
