import { setMaxListeners } from "node:events";
import type { Clock } from "../clock.ts";
import { Random } from "../random.ts";
import { Wallet } from "../solana/wallet.ts";
import { JupiterClient, RpcClient } from "./clients.ts";
import { HttpClient } from "./http-client.ts";

/** What the desk trades with. */
export interface Venue {
  readonly clock: Clock;
  readonly wallet: Wallet;
  readonly jupiter: JupiterClient;
  readonly rpc: RpcClient;
  readonly stopped: AbortSignal;
}

export interface OpenVenue extends Venue {
  /** Ends all calls in flight and refuses further ones. */
  readonly abort: () => void;
  readonly close: () => void;
}

export interface VenueOptions {
  readonly seed: number;
  readonly clock: Clock;
  /** Aborted by `abort`. */
  readonly stop: AbortController;
  readonly standIns: { readonly nodeUrl: string; readonly jupiterUrl: string };
}

export const CALL_TIMEOUT_MS = 2000;

export function openVenue({ seed, clock, stop, standIns }: VenueOptions): OpenVenue {
  // Every call in flight listens to it.
  setMaxListeners(0, stop.signal);
  const http = new HttpClient(CALL_TIMEOUT_MS, stop.signal);
  return {
    clock,
    wallet: new Wallet(new Random(seed).fork("wallet")),
    jupiter: new JupiterClient(http, standIns.jupiterUrl),
    rpc: new RpcClient(http, standIns.nodeUrl),
    stopped: stop.signal,
    abort: () => stop.abort(),
    close: () => http.close(),
  };
}
