import { randomUUID } from "node:crypto";
import type { ProcessWriter, QuestDbClient, RedisClient } from "@slipstream/aggregator/sinks";
import {
  type Instruments,
  type LatencyTracker,
  ProcessMetrics,
  type ServiceState,
  serviceState,
  type TradeDetails,
} from "@slipstream/telemetry/instruments";
import { type CurrentMetrics, currentMetrics } from "./current-metrics.ts";
import type { Dashboards } from "./dashboards.ts";
import { EngineThread } from "./engine-thread.ts";
import type { History } from "./history.ts";
import type { LocalPoint } from "./messages.ts";
import { type MonitorSettings, monitorSettings, type PerformanceMonitorOptions } from "./monitor-options.ts";
import { createRecorders, type Recorders } from "./recorders.ts";
import { processPoints, statePoints } from "./state-points.ts";
import { type RecordedTrade, TradeRing } from "./trade-ring.ts";
import { tradeSpan } from "./trade-span.ts";

/** Statistics older than this are not current. */
const STALE_MS = 30_000;
const POINTS_MS = 1_000;
/** How often rules learn of this process, in seconds, and that its main thread is not held up. */
const PROCESS_POINTS_S = 10;
const STOP_MS = 2_000;

/**
 * Slipstream inside a trading service. With an OTLP endpoint (`endpoint`, OTEL_EXPORTER_OTLP_ENDPOINT) it
 * exports to an aggregator, which writes the dashboards and notifies of alerts. Without one, this process is the
 * desk's aggregator: the engine runs in a thread, writes Redis and QuestDB if you give them, and notifies of alerts
 * if you give `rules` or `channels`. Redis, QuestDB, a channel or the endpoint may be away or fail at any time: that
 * is logged, and no exception reaches the caller.
 */
export class PerformanceMonitor implements ServiceState {
  /** Times the service's calls: `latencyTracker.track("solana.rpc", () => connection.getSlot())`. */
  readonly latencyTracker: LatencyTracker;
  /** A bound handle for each of the service's metrics. */
  readonly instruments: Instruments;
  readonly setCircuitBreaker: ServiceState["setCircuitBreaker"];
  readonly setOpenPositions: ServiceState["setOpenPositions"];
  readonly setConnections: ServiceState["setConnections"];
  readonly setDependencyUp: ServiceState["setDependencyUp"];
  readonly #settings: MonitorSettings;
  readonly #writer: ProcessWriter;
  readonly #recorders: Recorders;
  readonly #ring: TradeRing = new TradeRing();
  readonly #engine: EngineThread;
  #dashboards: Dashboards | undefined;
  #history: History | undefined;
  #unexpose: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #process: ProcessMetrics | undefined;
  #seconds = -1;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  /** Trades wait in the ring until they can be exported. */
  #recording = false;
  #draining = false;
  #refused = 0;

  /** @throws ConfigError if an option is wrong, so that a mistake shows when the service starts. */
  constructor(options: PerformanceMonitorOptions = {}) {
    this.#settings = monitorSettings(options, process.env);
    const {
      serviceName,
      desk = "",
      engine,
      redis,
      redisPrefix,
      questdb,
      alerts,
      endpoint,
      logger,
      print,
    } = this.#settings;
    this.#writer = { desk: desk === "" ? serviceName : desk, run: randomUUID() };
    // A client cannot be passed to the thread. A URL can, and then its connection does not keep the process alive.
    const writes = endpoint === undefined;
    this.#engine = new EngineThread({
      settings: {
        service: serviceName,
        desk,
        engine,
        redis:
          !writes || redis === undefined ? undefined : typeof redis === "string" ? { url: redis } : "owner",
        questdb: !writes || questdb === undefined ? undefined : "conf" in questdb ? questdb : "owner",
        redisPrefix,
        alerts: writes ? alerts : undefined,
        writer: this.#writer,
      },
      logger,
      onPublications: (publications) => this.#dashboards?.publish(publications),
      onRows: (rows) => this.#history?.write(rows),
      onPrint: print,
    });
    this.#recorders = createRecorders(this.#settings, (operation, seconds, endMs) =>
      this.#latency(operation, seconds, endMs),
    );
    this.latencyTracker = this.#recorders.latencyTracker;
    this.instruments = this.#recorders.instruments;
    const state = serviceState(this.instruments);
    this.setCircuitBreaker = state.setCircuitBreaker;
    this.setOpenPositions = state.setOpenPositions;
    this.setConnections = state.setConnections;
    this.setDependencyUp = state.setDependencyUp;
  }

  /**
   * Starts statistics and, if they are configured, export or dashboards. Spans of `latencyTracker` that begin
   * before it has resolved may not be exported; trades are, all of them. Never rejects.
   */
  startMonitoring(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /**
   * Reports a trade that ends now. It takes about 100 ns; the work is done in a later turn of the event loop.
   * Trades beyond what can wait until then are dropped and counted. Never throws.
   * @param start `performance.now()` when the trade was decided.
   * @param success false if it was rejected or reverted, or if its blockhash expired.
   */
  recordTradeExecution(start: number, success: boolean, details?: TradeDetails): void {
    try {
      // A copy: the caller may use the object again.
      this.#ring.put(start, performance.now(), success, details === undefined ? undefined : { ...details });
      this.#drainSoon();
    } catch {
      this.#refused += 1;
    }
  }

  /**
   * The nine values of the dashboard. null means unknown; all are null if the newest are more than 30 s old. A trade
   * is in them within about a second, and a call of `latencyTracker` too, or a second later if spans are exported.
   */
  getCurrentMetrics(): CurrentMetrics {
    const { newest } = this.#engine;
    const fresh = newest !== undefined && performance.now() - newest.atMs <= STALE_MS;
    return currentMetrics(fresh ? newest.values : undefined);
  }

  /**
   * What was not counted. `trades` and `spans` came too fast; the start of those `refused` was not a valid
   * time.
   */
  get dropped(): { readonly trades: number; readonly refused: number; readonly spans: number } {
    return { trades: this.#ring.dropped, refused: this.#refused, spans: this.#engine.dropped };
  }

  /** Delivers what is left and stops. Never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    const { endpoint, questdb, redis, registry, alerts, logger } = this.#settings;
    if (endpoint !== undefined) {
      const writes = (what: string) =>
        logger.info(`the aggregator that this service exports to writes ${what}, so this process does not`);
      if (questdb !== undefined) writes("QuestDB");
      if (redis !== undefined) writes("Redis");
      if (alerts !== undefined)
        logger.info(
          "the aggregator that this service exports to evaluates rules of alerts and notifies, so this process does not",
        );
    } else {
      if (alerts !== undefined && questdb === undefined && Object.keys(alerts.channels).length === 0)
        logger.warn("there are rules of alerts, but no channels: nobody is notified");
      if (redis !== undefined && typeof redis !== "string") await this.#openDashboards(redis);
      if (questdb !== undefined && !("conf" in questdb)) await this.#openHistory(questdb);
    }
    try {
      await this.#recorders.start();
    } catch (error) {
      logger.error(`nothing is exported: ${error instanceof Error ? error.message : error}`);
    }
    this.#recording = true;
    this.#drainSoon();
    if (registry !== undefined) {
      this.#guarded("the metrics cannot appear in the registry", () => {
        this.#unexpose = this.#recorders.exposeOn(registry);
      });
    }
    this.#timer = setInterval(() => this.#sendPoints(), POINTS_MS);
    this.#timer.unref();
    await this.#engine.start();
    this.#drainSoon();
  }

  // These load their modules only if the service passes a client.

  async #openHistory(questdb: QuestDbClient): Promise<void> {
    const { logger, questDbTables } = this.#settings;
    try {
      const [{ questDbHistory }, { makesTables }] = await Promise.all([
        import("./history.ts"),
        import("@slipstream/aggregator/sinks"),
      ]);
      if (!makesTables(questdb)) {
        logger.warn(
          "this QuestDB client does not send over HTTP, so the history's tables cannot be made or checked: a write that is " +
            "repeated after a failure doubles its rows, and a second writer is not noticed. Give a client, or a configuration " +
            "string, that begins with http::",
        );
      }
      this.#history = await questDbHistory({
        questdb,
        tables: questDbTables,
        writer: this.#writer,
        redisWriter: () => this.#dashboards?.redisWriter,
        logger,
      });
    } catch (error) {
      logger.error(`QuestDB cannot be used: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #openDashboards(redis: RedisClient): Promise<void> {
    const { logger, redisPrefix } = this.#settings;
    try {
      const { redisDashboards } = await import("./dashboards.ts");
      this.#dashboards = await redisDashboards({
        redis,
        prefix: redisPrefix,
        writer: this.#writer,
        logger,
        watermark: () => this.#engine.newest?.watermarkMs,
      });
    } catch (error) {
      logger.error(`Redis cannot be used: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #stop(): Promise<void> {
    // Calls whose spans wait to be exported are counted when somebody asks for them.
    this.latencyTracker.operations();
    // A start that is under way is awaited, so that nothing is left running.
    await this.#started;
    clearInterval(this.#timer);
    this.#drain();
    await this.#engine.stop(STOP_MS);
    await this.#quietly(this.#history?.close());
    await this.#quietly(this.#dashboards?.close());
    await this.#quietly(this.#recorders.close());
    this.#guarded("the metrics cannot be taken from the registry", this.#unexpose);
  }

  #drainSoon(): void {
    if (this.#draining || !this.#recording) return;
    this.#draining = true;
    setImmediate(() => {
      this.#draining = false;
      this.#drain();
    });
  }

  #drain(): void {
    const clockOffsetMs = Date.now() - performance.now();
    for (let trade = this.#ring.take(); trade !== undefined; trade = this.#ring.take()) {
      this.#record(trade, clockOffsetMs);
    }
  }

  #record({ startMs, endMs, success, details = {} }: RecordedTrade, clockOffsetMs: number): void {
    const { logger } = this.#settings;
    if (!(startMs >= 0 && startMs <= endMs)) {
      this.#refused += 1;
      logger.warn("a trade was left out: its start must be a performance.now() of the past");
      return;
    }
    const failed = !success;
    const end = endMs + clockOffsetMs;
    this.#guarded("a trade was left out", () => {
      const status = failed ? "failed" : "success";
      this.#recorders.trades.record({ ...details, status, startMs: startMs + clockOffsetMs, endMs: end });
      const durationSeconds = (endMs - startMs) / 1_000;
      this.#engine.add(tradeSpan({ details, endMs: end, durationSeconds, failed }));
    });
  }

  #latency(operation: string, seconds: number, endMs: number): void {
    if (this.#started === undefined || this.#stopped !== undefined) return;
    this.#engine.add({
      name: operation,
      endMs,
      durationSeconds: seconds,
      failed: false,
      attributes: {},
    });
  }

  #sendPoints(): void {
    const timeMs = Date.now();
    this.#engine.setPoints([...statePoints(this.instruments, timeMs), ...this.#ownPoints(timeMs)]);
  }

  /** What rules need to know of this process, if there are any. */
  #ownPoints(timeMs: number): readonly LocalPoint[] {
    const { alerts, endpoint } = this.#settings;
    if (alerts === undefined || endpoint !== undefined) return [];
    this.#seconds += 1;
    if (this.#seconds % PROCESS_POINTS_S !== 0) return [];
    this.#process ??= new ProcessMetrics();
    this.#process.writeTo(this.instruments);
    return processPoints(this.instruments, timeMs);
  }

  #guarded(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#settings.logger.error(`${what}: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #quietly(promise: Promise<void> | undefined): Promise<void> {
    try {
      await promise;
    } catch (error) {
      this.#settings.logger.error(`could not end cleanly: ${error instanceof Error ? error.message : error}`);
    }
  }
}
