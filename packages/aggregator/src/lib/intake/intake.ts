import type { IncomingMessage, ServerResponse } from "node:http";
import { type Batch, decodeBatch, OtlpError, type OtlpFormat } from "@slipstream/otlp/decode";
import { LogBusyError } from "../log/errors.ts";
import { HttpError, toHttpError } from "../server/http-error.ts";
import { type Answer, respond } from "../server/respond.ts";
import type { Route } from "../server/routes.ts";
import { createTokenCheck } from "../server/token.ts";
import { accepted, refused } from "./answer.ts";
import { ClientGone, readBody } from "./body.ts";
import { type BytesInFlight, busy, InFlightLimit, RETRY_AFTER_SECONDS } from "./in-flight.ts";
import { inflate } from "./inflate.ts";
import type { Journal } from "./journal.ts";
import { compressionOf, formatOf, unsupportedType } from "./media.ts";

/** Largest OTLP body, decompressed. */
export const DEFAULT_MAX_BODY_BYTES: number = 4 * 1024 * 1024;

/** Bytes of bodies held between their first byte and the log's commit, over all requests. */
export const DEFAULT_MAX_IN_FLIGHT_BYTES: number = 64 * 1024 * 1024;

export interface IntakeOptions {
  readonly journal: Journal;
  /** Bearer token that senders must carry; none: everyone may send. */
  readonly token?: string | undefined;
  readonly maxBodyBytes?: number | undefined;
  readonly maxInFlightBytes?: number | undefined;
  /** Why nothing may be taken in at present, although the log would take it; undefined where it may. */
  readonly heldBack?: (() => string | undefined) | undefined;
  /** The clock that stamps what comes in, Unix ms. */
  readonly now?: () => number;
  /** Told of errors that no client caused. */
  readonly onError?: (error: unknown) => void;
}

/** Requests by outcome: "accepted", "gone" (the client left), or the error's code. */
export type IntakeCounts = Readonly<Record<string, number>>;

export interface Intake {
  /** `POST /v1/traces` and `POST /v1/metrics`. */
  readonly routes: readonly Route[];
  counts(): IntakeCounts;
  /** Bytes in flight at present. */
  bytesInFlight(): number;
}

/** The OTLP/HTTP receiver: answers 200 only after the journal has committed what it was sent. */
export function createIntake(options: IntakeOptions): Intake {
  const { journal, now = Date.now, onError = () => {}, heldBack = () => undefined } = options;
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  const limit = new InFlightLimit(options.maxInFlightBytes ?? DEFAULT_MAX_IN_FLIGHT_BYTES);
  const checkToken = createTokenCheck(options.token);
  const counts: Record<string, number> = {};
  const count = (outcome: string): void => {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };

  const take = async (
    request: IncomingMessage,
    kind: Batch["kind"],
    inFlight: BytesInFlight,
  ): Promise<Answer> => {
    checkToken(request);
    const reason = heldBack();
    if (reason !== undefined) throw unavailable("store_unavailable", reason);
    const format = formatOf(request.headers);
    if (format === undefined) throw unsupportedType(request.headers);
    const compression = compressionOf(request.headers);
    const body = await readBody(request, maxBodyBytes, inFlight);
    const inflated = await inflate(body, compression, maxBodyBytes);
    if (inflated !== body) inFlight.add(inflated.length);
    const batch = decode(kind, inflated, format);
    const record = { kind, receivedMs: now(), format, compression, body };
    await journal.commitBatch(record, batch).catch((error: unknown) => {
      if (error instanceof LogBusyError) throw busy();
      throw unavailable("log_unavailable", error instanceof Error ? error.message : String(error));
    });
    return accepted(batch, format);
  };

  const handlerOf = (kind: Batch["kind"]) => async (request: IncomingMessage, response: ServerResponse) => {
    const inFlight = limit.open();
    try {
      const answer = await take(request, kind, inFlight);
      count("accepted");
      respond(request, response, answer);
    } catch (error) {
      if (error instanceof ClientGone) {
        count("gone");
        return;
      }
      const shown = toHttpError(error);
      if (shown !== error) onError(error);
      count(shown.code);
      respond(request, response, refused(shown, formatOf(request.headers) ?? "json"));
    } finally {
      inFlight.release();
    }
  };

  return {
    routes: [
      { method: "POST", path: "/v1/traces", handler: handlerOf("traces") },
      { method: "POST", path: "/v1/metrics", handler: handlerOf("metrics") },
    ],
    counts: () => ({ ...counts }),
    bytesInFlight: () => limit.bytes,
  };
}

function decode(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): Batch {
  try {
    return decodeBatch(kind, body, format);
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    throw new HttpError(
      400,
      error.code,
      error.message,
      error.field === undefined ? {} : { field: error.field },
    );
  }
}

function unavailable(code: string, reason: string): HttpError {
  return new HttpError(503, code, `Not taken, send it again: ${reason}`, {
    headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  });
}
