import { once } from "node:events";
import { request } from "node:http";
import type { Batch } from "../load/batch.ts";
import { headersOf } from "../sender.ts";

/** A request of which the aggregator has the headers and half of the body. */
export interface HalfSent {
  /** Sends the rest; resolves with the answer's status. */
  finish(): Promise<number>;
}

/** Sends half of a batch; resolves when the aggregator is known to be at work on the request. */
export async function sendHalf(url: string, batch: Batch): Promise<HalfSent> {
  const half = Math.floor(batch.body.length / 2);
  const sending = request(`${url}/v1/${batch.kind}`, {
    method: "POST",
    agent: false,
    headers: { ...headersOf(batch), "content-length": batch.body.length, expect: "100-continue" },
  });
  const answered = once(sending, "response").then(([response]) => {
    response.resume();
    return Number(response.statusCode);
  });
  // Told by `finish`.
  answered.catch(() => {});
  sending.flushHeaders();
  await once(sending, "continue");
  sending.write(batch.body.subarray(0, half));
  return {
    finish: () => {
      sending.end(batch.body.subarray(half));
      return answered;
    },
  };
}
