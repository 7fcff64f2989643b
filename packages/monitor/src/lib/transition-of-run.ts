import type { Transition } from "@slipstream/alerts";

/** A process that keeps nothing counts episodes from 1 each time that it starts. */
export interface Run {
  /** The desk, or the service if it belongs to none: receivers tell its alerts from others by it. */
  readonly desk: string;
  /** When it began, Unix ms. */
  readonly sinceMs: number;
}

/**
 * The transition with an episode and a key that no earlier run has used, and that rise: a receiver that drops repeats of a key must not
 * drop it. What happens once, such as a daily summary, has the same key in each run.
 */
export function ofRun(transition: Transition, { desk, sinceMs }: Run): Transition {
  const { key, alert, kind } = transition;
  const episode = transition.episode + sinceMs;
  const number = key.slice(key.lastIndexOf("/") + 1);
  const unique = kind === "happened" ? key : `${alert}/${episode}/${number}`;
  return { ...transition, desk, episode, key: `${encodeURIComponent(desk)}:${unique}` };
}
