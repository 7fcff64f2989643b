import { setTimeout as sleep } from "node:timers/promises";
import { type HistoryRow, timestampUs } from "@slipstream/engine/storage";
import { readPartialSuccess } from "@slipstream/otlp/encode";
import { outcomeOf } from "../../alerts/http/outcome.ts";
import { secretParts } from "../../alerts/http/secret-parts.ts";
import type { Answer, Sender } from "../../alerts/http/send.ts";
import type { FinalVerdicts } from "../../history/final-verdicts.ts";
import { RetryLoop, type RetryOptions } from "../../retry/retry-loop.ts";
import { type Sink, type SinkStateChange, type SinkStatus, sinkStateChange } from "../sink.ts";
import { encodeVerdicts, type VerdictSender } from "./encode-verdicts.ts";
import { TRACES, type TracesTarget } from "./options.ts";

export interface VerdictSinkOptions {
  readonly source: FinalVerdicts;
  readonly target: TracesTarget;
  readonly from: VerdictSender;
  /** Makes the requests. It is closed with the sink. */
  readonly http: Sender;
  /** Longest that a verdict waits for others, ms; 1,000. */
  readonly flushMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Called when sending begins to fail and when it works again. */
  readonly onStateChange?: ((state: SinkStateChange) => void) | undefined;
}

/** Verdicts in a request: some hundred kB, below the 4 MiB that receivers of gRPC behind it take. */
const MOST_TOGETHER = 256;
/** Shorter words of a header are no secrets: "Bearer". */
const SHORTEST_SECRET = 8;
/** A receiver cannot ask for a longer pause, ms. */
const LONGEST_PAUSE_MS = 300_000;

/**
 * Sends final verdicts as spans, a request at a time, from where it stopped: they wait in the history, so an outage of the receiver or a
 * restart loses none. Its position is written after the receiver has answered. If the process dies in between, a request is sent again,
 * with the same ids.
 */
export class VerdictSink implements Sink {
  readonly name: string = TRACES;
  readonly #options: VerdictSinkOptions;
  readonly #secrets: readonly string[];
  readonly #loop: RetryLoop;
  readonly #timer: NodeJS.Timeout;
  readonly #closing: AbortController = new AbortController();
  #together: number = MOST_TOGETHER;
  /** Longer than the loop's own pause, if the receiver asks for it. */
  #pauseMs = 0;
  #dropped = 0;
  #writtenTimeMs: number | null = null;

  constructor(options: VerdictSinkOptions) {
    const { target, retry, onStateChange, flushMs = 1_000 } = options;
    this.#options = options;
    const values = Object.values(target.headers);
    const words = values
      .flatMap((value) => value.split(" "))
      .filter((word) => word.length >= SHORTEST_SECRET);
    this.#secrets = [...secretParts(target.url), ...values, ...words];
    this.#loop = new RetryLoop(
      {
        step: () => this.#step(),
        hasMore: () => options.source.waiting > 0,
        onState: (up, reason, error) => onStateChange?.(sinkStateChange(TRACES, up, reason, error)),
      },
      {
        wait: (ms, signal) => sleep(Math.max(ms, this.#pauseMs), undefined, { signal, ref: false }),
        ...retry,
        backoff: { longestMs: 5_000, ...retry?.backoff },
      },
    );
    this.#timer = setInterval(() => this.#wake(), flushMs).unref();
    this.#wake();
  }

  status(): SinkStatus {
    const { waiting, dropped, lagMs } = this.#options.source;
    return {
      ...this.#loop.state,
      queueItems: waiting,
      dropped: dropped + this.#dropped,
      writtenTimeMs: this.#writtenTimeMs,
      lagMs,
    };
  }

  /** Sends what waits and stops; gives up at the first request that fails. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#loop.close();
    this.#closing.abort();
    await this.#options.http.close();
  }

  #wake(): void {
    if (this.#options.source.waiting > 0) this.#loop.wake();
  }

  /** One request. */
  async #step(): Promise<void> {
    const { source, from } = this.#options;
    const { rows, change } = source.next(this.#together);
    const { body, spans } = encodeVerdicts(rows, from);
    // One without spans is sent after a failure only, to see whether the receiver takes anything.
    const answer = spans > 0 || this.#loop.failures > 0 ? await this.#send(body, spans) : undefined;
    if (answer === "too large") {
      this.#together = Math.ceil(spans / 2);
      return;
    }
    source.moveTo(change);
    this.#dropped += rows.length - spans;
    this.#note(rows, answer);
    if (answer?.refused !== undefined) throw new Error(answer.refused);
    this.#together = Math.min(MOST_TOGETHER, 2 * this.#together);
  }

  /** @throws Error if it is to be sent again */
  async #send(body: Uint8Array, spans: number): Promise<Taken | "too large"> {
    const { target, http } = this.#options;
    const headers = {
      ...target.headers,
      "content-type": "application/x-protobuf",
      "user-agent": "Slipstream",
    };
    // The operator names the endpoint, so it may be anywhere.
    const where = { url: target.url, privateAddresses: "any" } as const;
    const sent = await http.send(
      { ...where, method: "POST", headers, body, secrets: this.#secrets },
      this.#closing.signal,
    );
    this.#pauseMs = 0;
    if (sent.kind === "answer" && sent.status === 413 && spans > 1) return "too large";
    const outcome = outcomeOf(sent, this.#secrets);
    if (outcome.outcome === "delivered") return taken(sent as Answer, spans);
    if (outcome.outcome === "refused") {
      const lost = spans === 0 ? "" : `; dropped: ${spans}`;
      return { rejected: spans, refused: `${outcome.reason}${lost}` };
    }
    if (outcome.outcome === "failed") this.#pauseMs = Math.min(outcome.afterMs ?? 0, LONGEST_PAUSE_MS);
    throw new Error(outcome.reason);
  }

  #note(rows: readonly HistoryRow[], answer: Taken | undefined): void {
    this.#dropped += answer?.rejected ?? 0;
    if (answer === undefined || answer.refused !== undefined) return;
    for (const row of rows)
      this.#writtenTimeMs = Math.max(this.#writtenTimeMs ?? 0, timestampUs(row) / 1_000);
  }
}

/** What became of a request that is not sent again. */
interface Taken {
  /** Spans that the receiver will never take. */
  readonly rejected: number;
  /** Why it takes none of them. */
  readonly refused?: string;
}

/** @throws Error if it was no receiver of OTLP that answered */
function taken({ headers, bytes }: Answer, spans: number): Taken {
  if (/^text\/html/i.test(headers["content-type"] ?? ""))
    throw new Error("it answered with a web page: is the address right?");
  const { rejected, message } = readPartialSuccess(bytes);
  const lost = Math.min(Math.max(0, rejected), spans);
  if (lost === 0 || lost < spans) return { rejected: lost };
  return { rejected: lost, refused: `it took none of ${spans} spans${message === "" ? "" : `: ${message}`}` };
}
