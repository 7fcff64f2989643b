/** How a service is observed. `by hand`: it makes a span for each call itself, and `@slipstream/telemetry` sends them. */
export type Way = "none" | "slipstream" | "stock" | "by hand";

export type Call = "fetch" | "rpc" | "pg" | "ioredis";

/** What a service is to do: calls one after the other, or trades at a pace. */
export type Order = CallOrder | { readonly seconds: number; readonly perSecond: number };

export interface CallOrder {
  readonly call: Call;
  readonly times: number;
}

/** Its first answer, when the work is done. */
export interface Worked {
  /** Calls or trades. */
  readonly done: number;
  readonly wallMs: number;
}

/** Its second answer, when all telemetry is sent. */
export interface Settled {
  /** User and system time of all threads since the order came. */
  readonly cpuMs: number;
}

export interface Run extends Worked, Settled {}

/** What the receiver has got so far: spans by the path that they came to. */
export interface Received {
  readonly url: string;
  readonly spans: Readonly<Record<string, number>>;
}
