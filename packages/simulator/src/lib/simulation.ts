import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type ExportHealth, setUp } from "@slipstream/telemetry";
import { startClock } from "./clock.ts";
import { deferred } from "./deferred.ts";
import { Books } from "./desk/books/books.ts";
import { openStores } from "./desk/books/open-stores.ts";
import { standInStore } from "./desk/books/stand-in-store.ts";
import { type BreakerState, CircuitBreaker } from "./desk/breaker.ts";
import { Desk } from "./desk/desk.ts";
import { makeTrade } from "./desk/trade.ts";
import { CALL_TIMEOUT_MS, openVenue } from "./desk/venue.ts";
import { decisions } from "./market/decisions.ts";
import { Market } from "./market/market.ts";
import { readWeather } from "./market/read-weather.ts";
import { readOptions, type SimulationOptions } from "./options.ts";
import { startStandIns } from "./stand-ins/stand-ins.ts";
import type { Totals } from "./truth/model.ts";
import { Tally } from "./truth/tally.ts";
import { Verdicts } from "./truth/verdicts.ts";
import { TruthWriter } from "./truth/writer.ts";

export interface Summary extends Totals {
  readonly seconds: number;
  readonly inFlight: number;
  readonly openPositions: number;
  readonly breakerState: BreakerState;
  /** Status of the telemetry export. */
  readonly telemetry: ExportHealth;
}

export interface Simulation {
  /** `service.instance.id`, and the prefix of each trade's id. */
  readonly run: string;
  /** URL of the stand-in for a Solana node. */
  readonly nodeUrl: string;
  /** URL of the stand-in for Jupiter. */
  readonly jupiterUrl: string;
  /** Where telemetry is sent to. */
  readonly receiver: string;
  summary(): Summary;
  /**
   * Ends the simulation cleanly: trades in flight finish, telemetry and ground truth are delivered, and the chain can no longer be
   * read. Returns the same result each time.
   */
  stop(): Promise<Summary>;
  /** Resolves at the end, whether by `stop` or by the duration. */
  readonly done: Promise<Summary>;
}

/** Short, so that a half-open breaker is visible. */
const METRIC_INTERVAL_MS = 1000;

/**
 * Starts the stand-ins and a desk that trades through them and sends its telemetry to `endpoint`.
 *
 * @throws SlipstreamError `invalid_option`, `port_in_use` or `cannot_listen`, with the name of the option; a file system error
 * if the ground truth cannot be written.
 */
export async function startSimulation(options: SimulationOptions = {}): Promise<Simulation> {
  const settings = readOptions(options);
  const { seed, weather, serviceName, onError = () => {}, onRecovery = () => {} } = settings;
  const conditions = typeof weather === "string" ? readWeather(weather, seed) : weather;
  let truth: TruthWriter | undefined;
  const tell = (name: string, call: () => void): void => {
    try {
      call();
    } catch (error) {
      onError(`${name} threw: ${error instanceof Error ? error.message : error}`);
    }
  };
  const tally = new Tally();
  const verdicts = new Verdicts((verdict) => {
    tally.addVerdict(verdict);
    truth?.write(verdict);
    tell("onVerdict", () => settings.onVerdict?.(verdict));
  });
  const clock = startClock();
  const market = new Market(seed);
  const run = `sim-${seed}-${randomBytes(4).toString("hex")}`;
  const stop = new AbortController();
  const timeoutMs = CALL_TIMEOUT_MS;
  const { questdb, redis } = settings;
  const real = { questdb, redis, service: serviceName, instance: run, timeoutMs, stopped: stop.signal };
  const stores = [...(await openStores(real))];
  const isReal = stores.length > 0;
  const closeStores = async (): Promise<void> => {
    await Promise.all(stores.map((store) => store.close()));
  };
  const standIns = await startStandIns({
    ...settings,
    hasStore: settings.hasStore ?? !isReal,
    market,
    clock,
    weather: conditions,
    onVerdict: (verdict) => verdicts.judged(verdict),
  }).catch(async (error: unknown) => {
    await closeStores();
    throw error;
  });
  // Not before it has its ports: a second simulator by mistake must not empty the file of the first.
  if (settings.groundTruthFile !== undefined) {
    truth = await TruthWriter.open(settings.groundTruthFile, onError).catch(async (error: unknown) => {
      await Promise.all([closeStores(), standIns.close()]);
      throw error;
    });
  }
  if (standIns.storeUrl !== undefined) stores.push(standInStore(standIns.storeUrl, timeoutMs, stop.signal));
  const telemetry = setUp({
    serviceName,
    instanceId: run,
    shutdownOnExit: false,
    onError,
    onRecovery,
    // Whoever sets the variable wants another one.
    ...(!process.env.OTEL_METRIC_EXPORT_INTERVAL && { metricIntervalMs: METRIC_INTERVAL_MS }),
    ...(settings.endpoint !== undefined && { endpoint: settings.endpoint }),
    ...(settings.token !== undefined && { token: settings.token }),
    ...(settings.desk !== undefined && { desk: settings.desk }),
  });

  const breaker = new CircuitBreaker({
    ...settings.breaker,
    onChange: (state) => {
      tally.breakerChanged(state, Date.now());
      telemetry.setCircuitBreaker(state);
    },
  });
  const venue = openVenue({ seed, clock, stop, standIns });
  const books = new Books({
    stores,
    state: telemetry,
    onReachable: (type, reachable, why) => {
      // The stand-in fails in its weather.
      if (!isReal) return;
      if (reachable) onRecovery(`The desk's ${type} takes its writes again`);
      else onError(`The desk cannot write to its ${type}, and goes on trading: ${why}`);
    },
  });
  const parts = { venue, telemetry, market, books };
  const desk = new Desk({
    decisions: decisions(seed, settings.rate),
    clock,
    breaker,
    maxInFlight: settings.maxInFlight,
    trade: (decision) => makeTrade(parts, decision, `${run}-${decision.index}`),
    onTrade: ({ truth: trade, failure }) => {
      if (failure?.reason === "unexpected") onError(`trade ${trade.id} failed: ${failure.message}`);
      tally.add(trade);
      truth?.write(trade);
      tell("onTrade", () => settings.onTrade?.(trade));
      verdicts.traded(trade);
    },
    onHeldBack: (reason) => tally.holdBack(reason),
  });

  const summary = (): Summary => ({
    ...tally.totals(),
    seconds: clock.now() / 1000,
    inFlight: desk.inFlight,
    openPositions: books.openPositions,
    breakerState: breaker.state,
    telemetry: telemetry.health(),
  });

  const noLinger = new AbortController();
  const end = async (lingerMs: number): Promise<Summary> => {
    clearTimeout(timer);
    desk.stopArrivals();
    const deadline = setTimeout(venue.abort, settings.stopDeadlineMs);
    await desk.idle();
    clearTimeout(deadline);
    await telemetry.shutdown().catch((error: unknown) => onError(String(error)));
    venue.close();
    await lingered(lingerMs, noLinger.signal);
    await books.close();
    await standIns.close();
    const last = summary();
    truth?.write({ type: "totals", ...last });
    await truth?.close();
    return last;
  };

  const done = deferred<Summary>();
  let ending: Promise<Summary> | undefined;
  const begin = (lingerMs: number): Promise<Summary> => {
    if (ending === undefined) {
      ending = end(lingerMs);
      ending.then(done.resolve, done.reject);
    }
    return ending;
  };
  const stopNow = (): Promise<Summary> => {
    noLinger.abort();
    return begin(0);
  };
  const { durationSeconds, lingerSeconds } = settings;
  const timer =
    durationSeconds === undefined
      ? undefined
      : setTimeout(() => void begin(lingerSeconds * 1000), durationSeconds * 1000);
  telemetry.setCircuitBreaker(breaker.state);
  books.open();
  desk.start();
  const { nodeUrl, jupiterUrl } = standIns;
  return {
    run,
    nodeUrl,
    jupiterUrl,
    receiver: telemetry.receiver,
    summary,
    stop: stopNow,
    done: done.promise,
  };
}

/** Resolves after this time, or when the signal aborts. */
async function lingered(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
