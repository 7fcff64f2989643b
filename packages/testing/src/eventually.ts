import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again until the answer is neither undefined, null nor false. An error of `ask` counts as no answer.
 *
 * @returns that answer.
 * @throws Error with `what` after the deadline; its cause is the error of the last attempt, if that failed.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  deadlineMs: number = 20_000,
): Promise<Exclude<T, undefined | null | false>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false)
        return answer as Exclude<T, undefined | null | false>;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > endMs)
      throw new Error(`Not within ${deadlineMs} ms: ${what}`, { cause: failure });
    await sleep(10);
  }
}
