import { type Channel, failedBy, type Message, type Outcome } from "../channels/channel.ts";

/** A channel that has not answered by then is told to stop, ms. */
const SEND_MS = 30_000;
/** How long it may take to stop, ms. Then it is left alone. */
const STOP_MS = 2_000;

/** Sends a message. It always answers in a bounded time, whatever the channel does. */
export async function sendInTime(
  channel: Channel,
  message: Message,
  { signal, sendMs = SEND_MS }: { readonly signal: AbortSignal; readonly sendMs?: number | undefined },
): Promise<Outcome> {
  const stopping = new AbortController();
  let leaving: NodeJS.Timeout | undefined;
  const left = new Promise<Outcome>((resolve) => {
    stopping.signal.addEventListener("abort", () => {
      const reason = signal.aborted ? "it was broken off" : `no answer within ${sendMs / 1_000} s`;
      leaving = setTimeout(() => resolve({ outcome: "failed", reason }), STOP_MS).unref();
    });
  });
  const stop = (): void => stopping.abort();
  const late = setTimeout(stop, sendMs).unref();
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop);
  try {
    return await Promise.race([channel.send(message, stopping.signal), left]);
  } catch (error) {
    return failedBy(error);
  } finally {
    clearTimeout(late);
    clearTimeout(leaving);
    signal.removeEventListener("abort", stop);
  }
}
