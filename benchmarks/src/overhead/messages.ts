/** What the parent asks of a trading child. */
export interface Order {
  readonly seconds: number;
  readonly perSecond: number;
}

/** What it answers. */
export interface Done {
  readonly trades: number;
  /** User and system time of the process, all threads, from the first trade until the last span was delivered. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Spans that the receiver took, since the process began; 0 where not instrumented. */
  readonly exportedSpans: number;
  /** Dropped or rejected spans and failed requests. Anything but 0 makes the measurement worthless. */
  readonly troubles: number;
}

/** What the receiver tells: first its address, then, each time it is asked, what came in. */
export interface ReceiverReport {
  readonly url: string;
  readonly requests: number;
  readonly bytes: number;
}
