import type { TradeFact } from "./facts.ts";

/** A request as far as its transport knows it. */
export interface VenueRequest {
  /** Of HTTP. */
  readonly method: string;
  readonly url: URL | string;
  /** What is sent, decoded; undefined if it is not known or was not read (a stream, too large). */
  readonly body?: string | undefined;
}

/** Its answer. */
export interface VenueAnswer {
  /** Of HTTP; undefined if none came. */
  readonly status?: number | undefined;
  /** The value as the service parsed it, or its text; undefined if it was not read. It is never changed. */
  readonly body?: unknown;
  /** Looks up a header of the answer. Only `x-bundle-id` is asked for. */
  readonly header?: ((name: string) => string | null | undefined) | undefined;
}

/** Hosts beside the known ones, each `host`, `host:port` or `*.domain`. */
export interface VenueHosts {
  readonly jupiter: readonly string[];
  readonly jito: readonly string[];
  /** Of landing services, by their names as in `mev.protection`. Other names have no effect. */
  readonly landing?: Readonly<Record<string, readonly string[]>>;
}

export type AttributeValues = Readonly<Record<string, string | number | boolean>>;

/** What became of one call. */
export interface CallOutcome {
  /** undefined: no answer was read. */
  readonly ok: boolean | undefined;
  /** Code of JSON-RPC, status of HTTP, or a service's own code. */
  readonly errorCode: string | undefined;
  /** The slot that the node was at. */
  readonly slot: number | undefined;
  /** Of the call and its answer, by the semantic conventions: no secret, no key, no signed transaction. */
  readonly attributes: AttributeValues;
  /** What the answer says of trades. */
  readonly facts: readonly TradeFact[];
}
