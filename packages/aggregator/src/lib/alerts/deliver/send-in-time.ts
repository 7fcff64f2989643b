import { setTimeout as sleep } from "node:timers/promises";
import type { Channel, Message, Outcome } from "../channels/channel.ts";

/** A channel that has not answered by then is told to stop, ms. */
export const SEND_MS = 30_000;
/** How long it may take to stop, ms. Then it is left alone. */
const STOP_MS = 2_000;

/** Sends a message. It always answers in a bounded time, whatever the channel does. */
export async function sendInTime(
  channel: Channel,
  message: Message,
  { signal, sendMs = SEND_MS }: { readonly signal: AbortSignal; readonly sendMs?: number },
): Promise<Outcome> {
  const answered = new AbortController();
  const late = sleep(sendMs + STOP_MS, undefined, { signal: answered.signal, ref: false })
    .then((): Outcome => failed(`no answer within ${sendMs / 1_000} s`))
    .catch((): Outcome => failed("the sending was broken off"));
  try {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(sendMs)]);
    return await Promise.race([channel.send(message, stop), late]);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    answered.abort();
  }
}

function failed(reason: string): Outcome {
  return { outcome: "failed", reason };
}
