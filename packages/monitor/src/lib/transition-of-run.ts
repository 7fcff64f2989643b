import type { Transition } from "@slipstream/alerts";

/** A process that keeps nothing counts episodes from 1 each time that it starts. */
export interface Run {
  /** "": the service belongs to none. */
  readonly desk: string;
  readonly service: string;
  /** When it began, Unix ms. */
  readonly sinceMs: number;
}

/**
 * The transition with an episode and a key that no earlier run has used, and that rise: a receiver that drops repeats of a key must not
 * drop it. What happens once, such as a daily summary, has the same key in each run.
 */
export function ofRun(transition: Transition, { desk, service, sinceMs }: Run): Transition {
  // Receivers tell its alerts from others by it.
  const name = desk === "" ? service : desk;
  const { key, alert, kind } = transition;
  const episode = transition.episode + sinceMs;
  const number = key.slice(key.lastIndexOf("/") + 1);
  const unique = kind === "happened" ? key : `${alert}/${episode}/${number}`;
  return {
    ...transition,
    desk: name,
    ...(desk === "" && { deskIsService: true }),
    episode,
    key: `${encodeURIComponent(name)}:${unique}`,
  };
}
