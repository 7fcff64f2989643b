/** The simulation's own time: milliseconds since it began, never backwards. */
export interface Clock {
  now(): number;
}

export function startClock(): Clock {
  const start = performance.now();
  return { now: () => performance.now() - start };
}
