/** The simulation's own time in milliseconds since its start. It never goes backwards. */
export interface Clock {
  now(): number;
}

export function startClock(): Clock {
  const start = performance.now();
  return { now: () => performance.now() - start };
}
