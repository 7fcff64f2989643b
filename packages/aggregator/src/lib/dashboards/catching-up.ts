/** The nine keys are not written while the watermark is further behind the clock: the values would not be current. */
const CATCHING_UP_MS = 30_000;

/** Whether the aggregator works on a backlog, so that its newest values are not those of now. Both in Unix ms. */
export function isCatchingUp(nowMs: number, watermarkMs: number): boolean {
  return nowMs - watermarkMs > CATCHING_UP_MS;
}
