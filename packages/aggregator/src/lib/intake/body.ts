import type { IncomingMessage } from "node:http";
import { ClientGone, HttpError } from "../server/http-error.ts";
import { BodyParts } from "./body-parts.ts";
import type { InFlight } from "./in-flight.ts";

export function tooLarge(maxBytes: number, what: string): HttpError {
  return new HttpError(
    413,
    "too_large",
    `The ${what} body is larger than ${maxBytes} bytes; send smaller batches (with an OpenTelemetry Collector: max_size of ` +
      "sending_queue's batch, or send_batch_max_size of the batch processor), or raise maxBodyBytes (SLIPSTREAM_MAX_BODY_BYTES).",
  );
}

function tooSmall(): HttpError {
  return new HttpError(400, "bad_request", "The body comes in chunks of a few bytes; send larger ones.");
}

/**
 * Reads a request's body, in the parts in which it comes. It is refused as soon as it is known to be too large. Its bytes
 * count as in flight as they arrive.
 * @throws HttpError 400, 413, 429; ClientGone
 */
export function readBody(request: IncomingMessage, maxBytes: number, inFlight: InFlight): Promise<BodyParts> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes, "request"));
  return new Promise((resolve, reject) => {
    const parts = new BodyParts();
    const giveUp = (error: Error): void => {
      request.off("data", onData).off("end", onEnd);
      // It counts no longer as in flight, so it must not stay in memory until it is collected.
      parts.discard();
      reject(error);
    };
    const stop = (error: Error): void => {
      inFlight.arrived();
      giveUp(error);
      request.pause();
    };
    const onData = (chunk: Buffer): void => {
      if (parts.length + chunk.length > maxBytes) {
        stop(tooLarge(maxBytes, "request"));
        return;
      }
      try {
        if (parts.areTooSmall) throw tooSmall();
        inFlight.addBytes(chunk.length);
        parts.add(chunk);
      } catch (error) {
        stop(error as Error);
      }
    };
    const onEnd = (): void => {
      inFlight.arrived();
      resolve(parts);
    };
    inFlight.arriving(stop);
    request.on("data", onData).once("end", onEnd);
    // "close" comes after "end" too. To make an error for each request would cost more than to read its body.
    const onGone = (): void => {
      if (!request.readableEnded) giveUp(new ClientGone());
    };
    request.once("error", onGone).once("close", onGone);
  });
}
