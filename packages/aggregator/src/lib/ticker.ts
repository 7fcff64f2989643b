export interface Ticker {
  stop(): void;
}

/** Appends a tick once a second, so that time passes in silence too. One that is still under way is not doubled. */
export function startTicker(
  commitTick: (receivedMs: number) => Promise<unknown>,
  now: () => number,
  intervalMs = 1_000,
): Ticker {
  let underWay = false;
  const tick = async (): Promise<void> => {
    if (underWay) return;
    underWay = true;
    try {
      await commitTick(now());
    } catch {
      // The log says on /readyz why it takes nothing; a tick that is lost is made up for by the next.
    } finally {
      underWay = false;
    }
  };
  const timer = setInterval(() => void tick(), intervalMs);
  return { stop: () => clearInterval(timer) };
}
