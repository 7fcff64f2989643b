import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { valuesOf } from "@slipstream/config";
import { type ErrorCode, hasCode } from "@slipstream/conventions";
import type { Batch } from "@slipstream/otlp/decode";
import { scrubSteps } from "@slipstream/otlp/scrub";
import { metrics } from "../log/records/metrics.ts";
import { newRecord } from "../log/records/record-kind.ts";
import { traces } from "../log/records/traces.ts";
import type { Journal } from "../pipeline/journal.ts";
import { Turns } from "../pipeline/turns.ts";
import type { ContentAnswer } from "../server/answer.ts";
import { ClientGone, HttpError } from "../server/http-error.ts";
import { accepted, refused } from "./answer.ts";
import { AtWork } from "./at-work.ts";
import { readBody } from "./body.ts";
import { compressAgain } from "./compress-again.ts";
import { decode, intakeLimits } from "./decode.ts";
import { giveBack } from "./give-back.ts";
import { busy, type InFlight, InFlightLimit, RETRY_AFTER_SECONDS } from "./in-flight.ts";
import { Inflater } from "./inflate.ts";
import { compressionOf, formatOf, unsupportedType } from "./media.ts";
import { intakeOptions } from "./options.ts";

/** Beside one of the largest bodies, of all of them between their first byte and the log's commit. */
const MORE_IN_FLIGHT_BYTES = 4 * 1024 * 1024;
/** Items of all bodies that are decoded and not committed yet; each takes about half a kilobyte. */
export const MAX_IN_FLIGHT_ITEMS: number = 2 * intakeLimits.maxItems;
/** Of each turn of the event loop, what may go into decompressing and decoding, ms. */
const SHARE_MS = 3;

export interface IntakeOptions {
  readonly journal: Journal;
  readonly maxBodyBytes?: number | undefined;
  readonly maxInFlightBytes?: number | undefined;
  /** Why requests are refused although the log would take them; undefined if they are not. */
  readonly heldBack?: (() => string | undefined) | undefined;
  /** The time of receipt, Unix ms. */
  readonly now?: () => number;
}

/** Requests by outcome: "accepted", "gone" (the client left), or the error's code. */
export type IntakeCounts = Readonly<Record<string, number>>;

export interface Intake {
  /**
   * Takes a request, and answers once the journal has committed its body.
   * @throws HttpError, ClientGone
   */
  take(request: IncomingMessage, kind: Batch["kind"]): Promise<ContentAnswer>;
  /** Counts a request that is refused, and answers it as OTLP requires, in its own format. */
  refuse(error: HttpError, headers: IncomingHttpHeaders): ContentAnswer;
  counts(): IntakeCounts;
  /** Bytes in flight now. */
  bytesInFlight(): number;
}

/** The OTLP/HTTP receiver. It answers 200 only after the journal has committed the body. */
export function createIntake(options: IntakeOptions): Intake {
  const { journal, now = Date.now, heldBack = () => undefined } = options;
  const { maxBodyBytes } = valuesOf(intakeOptions, options);
  const limit = new InFlightLimit({
    bytes: options.maxInFlightBytes ?? maxBodyBytes + MORE_IN_FLIGHT_BYTES,
    items: MAX_IN_FLIGHT_ITEMS,
  });
  const turns = new Turns(SHARE_MS);
  const inflater = new Inflater(maxBodyBytes, turns);
  const atWork = new AtWork();
  const counts: Record<string, number> = {};
  const count = (outcome: string): void => {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };

  const commit = async (
    request: IncomingMessage,
    kind: Batch["kind"],
    inFlight: InFlight,
  ): Promise<ContentAnswer> => {
    const reason = heldBack();
    if (reason !== undefined) throw unavailable("store_unavailable", reason);
    const format = formatOf(request.headers);
    if (format === undefined) throw unsupportedType(request.headers);
    const compression = compressionOf(request.headers);
    const parts = await readBody(request, maxBodyBytes, inFlight);
    const compressed = compression === "none" ? undefined : await turns.run(parts.whole());
    const size = compressed === undefined ? parts.length : inflater.sizeOf(compressed, compression);
    return atWork.do(size, async (counted) => {
      const body = compressed ?? (await turns.run(parts.whole()));
      const inflated = await inflater.inflate(body, compression);
      // Beyond what `atWork` counts.
      if (inflated !== body) inFlight.addBytes(Math.max(0, inflated.length - counted));
      // Before it is decoded: what is counted now must be what a replay counts.
      const changed = await turns.run(scrubSteps(kind, inflated, format));
      const logged = changed ? await compressAgain(inflated, compression) : { body, compression };
      const batch = await turns.run(decode(kind, inflated, format, inFlight));
      const record = newRecord(kind === "traces" ? traces : metrics, now(), { format, ...logged });
      await journal.commit(record, batch).catch((error: unknown) => {
        if (hasCode(error, "log_busy")) throw busy();
        throw unavailable("log_unavailable", error instanceof Error ? error.message : String(error));
      });
      // It is in the log, and was applied: nobody reads it any more. As garbage, bodies would have the heap searched more often.
      for (const bytes of new Set([body, inflated, logged.body])) giveBack(bytes);
      return accepted(batch, format);
    });
  };

  return {
    take: async (request, kind) => {
      const inFlight = limit.open();
      try {
        const answer = await commit(request, kind, inFlight);
        count("accepted");
        return answer;
      } catch (error) {
        if (error instanceof ClientGone) count("gone");
        throw error;
      } finally {
        inFlight.release();
      }
    },
    refuse: (error, headers) => {
      count(error.code);
      return refused(error, formatOf(headers) ?? "json");
    },
    counts: () => ({ ...counts }),
    bytesInFlight: () => limit.bytes,
  };
}

function unavailable(code: ErrorCode, reason: string): HttpError {
  return new HttpError(503, code, `Not taken, send it again: ${reason}`, {
    headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  });
}
