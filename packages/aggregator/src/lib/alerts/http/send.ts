import type { PrivateAddresses } from "./destination.ts";

export interface HttpRequest {
  /** http or https. A login in it (`user:password@`) is sent as Basic authorization. */
  readonly url: string;
  readonly method: "POST" | "GET";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Texts that must not show in a reason, such as a token that is part of the URL. */
  readonly secrets: readonly string[];
  /** Default: none, unless the name itself is a private one. */
  readonly privateAddresses?: PrivateAddresses;
}

/** A receiver's answer, whatever its status. Redirects are not followed. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB. */
  readonly body: string;
  /** The same as it came. */
  readonly bytes: Uint8Array;
  /** Whether that is all of the body: not, if it is longer or did not end in time. */
  readonly isWhole: boolean;
}

/** There was no answer. */
export interface Failure {
  readonly kind: "failure";
  /** Holds no secret. */
  readonly reason: string;
  /** Whether it will fail until somebody changes something: the host leads to an address that is refused. */
  readonly isPermanent: boolean;
}

export type Sent = Answer | Failure;

/** Sends one request. Never rejects. */
export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<Sent>;

export interface SenderLimits {
  /** Until there is a connection. Default 5,000. */
  readonly connectMs: number;
  /** From then until the answer's headers. Default 10,000. */
  readonly answerMs: number;
  /** For the rest of the answer. Default 5,000. */
  readonly bodyMs: number;
}

/** A sender, and the end of its connections. */
export interface Sender {
  readonly send: Send;
  /** Never rejects. Requests under way fail. */
  close(): Promise<void>;
}
