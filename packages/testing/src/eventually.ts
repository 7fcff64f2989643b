import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again until the answer is neither undefined, null nor false.
 *
 * @returns that answer.
 * @throws Error with `what` after the deadline.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  deadlineMs: number = 20_000,
): Promise<Exclude<T, undefined | null | false>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false)
      return answer as Exclude<T, undefined | null | false>;
    if (performance.now() > endMs) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await sleep(10);
  }
}
