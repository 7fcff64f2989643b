/**
 * Work that can be put down and taken up again, so that a long body does not keep a thread from everything else. It pauses
 * after some 16 KiB of the body, or some hundred items, and yields how many items it has read so far.
 */
export type Steps<T> = Generator<number, T, void>;

/** Bytes of a body that are read between two pauses. */
export const STEP_BYTES: number = 16 * 1024;

/** Items that are read between two pauses, if they are so small. */
export const STEP_ITEMS = 256;

/** Does all of it at once. */
export function finish<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
