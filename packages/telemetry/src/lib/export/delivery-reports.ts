import { quantity } from "@slipstream/conventions";
/** What is wrong with a request. Every cause of `unavailable` counts as the same outage. */
export interface Trouble {
  /** `unavailable`, or the status that the receiver answers. */
  readonly kind: string;
  readonly message: string;
  /** What happens to the data. */
  readonly lost: boolean;
  /** Whether it is certain to last for a second or longer. */
  readonly lasting?: boolean;
}

export interface DeliveryReportsOptions {
  /** For messages: what is sent, and where to. */
  readonly subject: string;
  /** Nobody named an endpoint. */
  readonly endpointIsDefault?: boolean;
  readonly queueBytes: number;
  readonly onProblem: (message: string) => void;
  readonly onRecovery: (message: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** A failure that is over within this time, and within this many attempts, is not reported. */
const HICCUP_MS = 1_000;
const HICCUP_ATTEMPTS = 2;
/** Changes within this time count. From the third on, each must hold for longer before it is reported. */
const RECENT_MS = 3_600_000;
const FREE_REPORTS = 2;
const FIRST_HOLD_MS = 10_000;
const LONGEST_HOLD_MS = 600_000;

interface Lane {
  /** What is wrong now; undefined if requests succeed. */
  trouble: Trouble | undefined;
  sinceMs: number;
  attempts: number;
  /** The kind of trouble that was reported last. */
  reported: string | undefined;
}

/**
 * Reports that delivery fails once, and that it works again once, whatever happens in between. A receiver that
 * comes and goes is reported less and less often. Spans and metrics that fail for the same reason are one
 * outage.
 */
export class DeliveryReports {
  readonly #options: DeliveryReportsOptions;
  readonly #now: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #faults = new Map<string, number>();
  #reportedMs: number[] = [];
  #lostSinceProblem = 0;

  constructor(options: DeliveryReportsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether an outage has been reported and is not over. */
  get #inOutage(): boolean {
    return [...this.#lanes.values()].some(({ reported }) => reported !== undefined);
  }

  /** A request of this signal succeeded. */
  works(signal: string): void {
    this.#observe(signal, undefined, 0);
  }

  /** A request of this signal failed after `tookMs`. */
  fails(signal: string, trouble: Trouble, tookMs: number = 0): void {
    this.#observe(signal, trouble, tookMs);
  }

  /** Some data could not be delivered, although the receiver takes others. Each kind is reported once an hour. */
  fault(kind: string, message: string): void {
    const nowMs = this.#now();
    if (nowMs - (this.#faults.get(kind) ?? Number.NEGATIVE_INFINITY) < RECENT_MS) return;
    this.#faults.set(kind, nowMs);
    this.#options.onProblem(`${message} (${this.#options.subject})`);
  }

  /** Spans were dropped. That is not reported while requests fail: it comes of the outage. */
  dropped(spans: number, why: string): void {
    this.#lostSinceProblem += spans;
    if ([...this.#lanes.values()].every(({ trouble }) => trouble === undefined))
      this.fault("dropped", `Spans are dropped: ${why}`);
  }

  /** Spans were refused for good, as the reported trouble says. */
  refused(spans: number): void {
    this.#lostSinceProblem += spans;
  }

  /** Telemetry ends, with up to so many spans undelivered. Says how many are lost, and why if that was not reported before. */
  endsWith(spans: number): void {
    const lost = spans + this.#lostSinceProblem;
    this.#lostSinceProblem = 0;
    if (this.#inOutage && lost > 0) {
      this.#options.onProblem(
        `Lost: up to ${quantity(lost, "span")}, because sending ${this.#options.subject} did not work to the end`,
      );
    } else if (spans > 0) {
      const [trouble] = [...this.#lanes.values()].flatMap((lane) => lane.trouble ?? []);
      const why = trouble === undefined ? "the last attempt, at exit, failed" : trouble.message;
      this.#options.onProblem(`Cannot send ${this.#subject}: ${why}. Lost: up to ${quantity(lost, "span")}.`);
    }
  }

  #observe(signal: string, trouble: Trouble | undefined, tookMs: number): void {
    const nowMs = this.#now();
    const lane = this.#lane(signal, nowMs);
    if (lane.trouble?.kind !== trouble?.kind) {
      lane.sinceMs = nowMs - tookMs;
      lane.attempts = 0;
    }
    lane.trouble = trouble;
    lane.attempts += 1;
    if (lane.reported === trouble?.kind) return;
    if (trouble !== undefined && this.#isReported(trouble.kind)) lane.reported = trouble.kind;
    else if (this.#isDue(lane, nowMs)) this.#report(lane, trouble, nowMs);
  }

  #lane(signal: string, nowMs: number): Lane {
    const lane = this.#lanes.get(signal) ?? {
      trouble: undefined,
      sinceMs: nowMs,
      attempts: 0,
      reported: undefined,
    };
    this.#lanes.set(signal, lane);
    return lane;
  }

  #isReported(kind: string): boolean {
    return [...this.#lanes.values()].some(({ reported }) => reported === kind);
  }

  #isDue({ trouble, sinceMs, attempts }: Lane, nowMs: number): boolean {
    const heldMs = nowMs - sinceMs;
    const hiccup =
      trouble?.kind === "unavailable" &&
      trouble.lasting !== true &&
      attempts <= HICCUP_ATTEMPTS &&
      heldMs < HICCUP_MS;
    return !hiccup && heldMs >= this.#holdMs(nowMs);
  }

  #holdMs(nowMs: number): number {
    this.#reportedMs = this.#reportedMs.filter((ms) => nowMs - ms < RECENT_MS);
    const over = this.#reportedMs.length - FREE_REPORTS;
    return over < 0 ? 0 : Math.min(FIRST_HOLD_MS * 2 ** over, LONGEST_HOLD_MS);
  }

  #report(lane: Lane, trouble: Trouble | undefined, nowMs: number): void {
    this.#reportedMs.push(nowMs);
    const { queueBytes, onProblem, onRecovery } = this.#options;
    if (trouble !== undefined) {
      this.#lostSinceProblem = 0;
      lane.reported = trouble.kind;
      const fate = trouble.lost
        ? "What it refuses is lost."
        : `Up to ${Math.round(queueBytes / 2 ** 20)} MiB are kept in memory and retried.`;
      onProblem(`Cannot send ${this.#subject}: ${trouble.message}. ${fate}`);
      return;
    }
    // One recovery ends the outage for every signal that shared it.
    const kind = lane.reported;
    for (const other of this.#lanes.values()) if (other.reported === kind) other.reported = undefined;
    const lost =
      this.#lostSinceProblem === 0 ? "" : `. Lost meanwhile: ${quantity(this.#lostSinceProblem, "span")}`;
    this.#lostSinceProblem = 0;
    onRecovery(`Sending ${this.#options.subject} works again${lost}`);
  }

  get #subject(): string {
    const { subject, endpointIsDefault } = this.#options;
    return endpointIsDefault ? `${subject} (the default; OTEL_EXPORTER_OTLP_ENDPOINT sets another)` : subject;
  }
}
