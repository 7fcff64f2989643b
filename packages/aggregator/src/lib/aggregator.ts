import { shippedRules } from "@slipstream/alerts";
import { givenTo, valuesOf } from "@slipstream/config";
import { OWN_DESK } from "@slipstream/engine";
import { engineOptions } from "@slipstream/engine/options";
import type { Aggregator, AggregatorOptions } from "./aggregator-options.ts";
import { warnOfUnknownChannels } from "./alerts/deliver/unknown-channels.ts";
import { openNotifications } from "./alerts/notifications.ts";
import { announcements } from "./announce.ts";
import { apiContext } from "./api/context.ts";
import { routes } from "./api/routes.ts";
import { Closers } from "./closers.ts";
import { openDataFolder } from "./data-folder.ts";
import { onceThereIsRoom } from "./full-disk.ts";
import { historyRetention } from "./history/retention.ts";
import { createIntake } from "./intake/intake.ts";
import { intakeOptions } from "./intake/options.ts";
import { logOptions } from "./log/options.ts";
import { logRetention } from "./log/retention.ts";
import { silentLogger } from "./logger.ts";
import { Checkpointer } from "./pipeline/checkpointer.ts";
import { deskNews } from "./pipeline/desk-news.ts";
import { createJournal } from "./pipeline/journal.ts";
import { LogPipeline } from "./pipeline/log-pipeline.ts";
import { deskOptions } from "./pipeline/options.ts";
import {
  catchUp,
  commitChangedOptions,
  commitChangedRules,
  type Resumed,
  resumeDesks,
} from "./pipeline/recovery.ts";
import { startReporter } from "./pipeline/self-reporter.ts";
import { canariesTo, noticeTo, notifyBy, Progress, publishTo, storeIn } from "./pipeline/stages.ts";
import { startTicker } from "./pipeline/ticker.ts";
import { QUESTDB } from "./questdb/definition.ts";
import { assertQuestDb } from "./questdb/lazy.ts";
import { questDbTarget } from "./questdb/options.ts";
import { receiptClock } from "./receipt-clock/receipt-clock.ts";
import { openRedisSink } from "./redis/lazy.ts";
import { assertRedisTarget } from "./redis/redis-address.ts";
import type { ConnectionsStatus } from "./server/connections/connections.ts";
import { Misdirected } from "./server/misdirected/misdirected.ts";
import { serverOptions, tokenOptions } from "./server/options.ts";
import { assertServerOptions, type HttpServer, startServer } from "./server/server.ts";
import type { Sink } from "./sinks/sink.ts";
import { tracesTarget } from "./sinks/verdict-spans/options.ts";
import { stateOptions } from "./state/options.ts";
import { assertBlockSource } from "./watcher/watch.ts";
import { watching } from "./watcher/watching.ts";

/** 7 days: a desk may be silent over holidays. Then it makes room for a new one, if there is none. */
const IDLE_DESK_MS = 7 * 24 * 3_600_000;

/**
 * The aggregator: what comes in is committed to the log, goes from there through the engine, and what comes of it goes to the
 * sinks. What the log holds from an earlier run is applied before the first request is taken. On a full disk it waits for room, and
 * answers 503 meanwhile.
 *
 * @throws SlipstreamError if the data folder is in use or cannot be read, the port is taken, or a value is wrong; the signal's reason
 * if it aborted.
 */
export function createAggregator(options: AggregatorOptions): Promise<Aggregator> {
  return onceThereIsRoom(options, () => start(options));
}

async function start(options: AggregatorOptions): Promise<Aggregator> {
  const { logger = silentLogger } = options;
  const { maxDesks } = valuesOf(deskOptions, options);
  const engineConfig = {
    ...givenTo(engineOptions, options),
    desks: { own: options.desk ?? "", most: maxDesks, idleMs: IDLE_DESK_MS },
  };
  const questdb = questDbTarget(options);
  const serving = { ...valuesOf(serverOptions, options), ...valuesOf(tokenOptions, options) };
  // Before the data folder: to recover what it holds may take minutes.
  assertServerOptions(serving);
  assertBlockSource(options);
  if (typeof options.redis === "string") assertRedisTarget(options.redis, options.redisPrefix);
  const announce = announcements(logger);
  const clock = receiptClock(options, announce.clock);
  const { now } = clock;
  const onError = (error: unknown): void => logger.error({ err: error }, "An error that no client caused");
  const closers = new Closers();
  try {
    if (questdb !== undefined) await assertQuestDb(questdb);
    let resumed: Resumed | undefined;
    let checkpointer: Checkpointer | undefined;
    const watermark = (desk: string): number | undefined => resumed?.desks.engineOf(desk)?.watermarkMs;

    const folder = await openDataFolder({
      dataDir: options.dataDir,
      salvage: options.salvage,
      segmentBytes: valuesOf(logOptions, options).logSegmentBytes,
      retention: historyRetention(options),
      now,
      watermark,
      questdb,
      onReadable: (reason) => logger.warn({ reason }, "Other users may read the data folder"),
      onSalvaged: (salvaged) => logger.warn({ ...salvaged }, "A damaged part of the log was salvaged"),
      onLogFault: (reason) => {
        announce.log(reason);
        if (reason !== undefined) checkpointer?.soon();
      },
      onFault: announce.store,
      onRemoteState: announce.sink,
      onDamaged: announce.damaged,
      desk: options.desk,
      onRemoteLease: (state) => announce.lease(QUESTDB, state),
    });
    closers.add(folder.close);
    const { log, store } = folder;
    // Before the log is read, which may take minutes: what waits has waited long enough.
    const notifications = await openNotifications({
      channels: options.channels,
      dataDir: options.dataDir,
      store,
      logger,
      print: options.print,
      desk: options.desk,
      grafanaUrl: options.grafanaUrl,
      now,
    });
    closers.add(notifications.close);
    resumed = await resumeDesks({ log, store, options: engineConfig, logger });
    const { desks, position } = resumed;

    const redis =
      options.redis === undefined
        ? undefined
        : await openRedisSink(options.redis, {
            repairFrom: (desk) => store.dashboardOf(desk),
            desks: desks.others,
            now,
            watermark,
            onStateChange: announce.sink,
            writer: folder.writer,
            prefix: options.redisPrefix,
            onLease: (state, desk) => {
              announce.lease("redis", state, desk);
              if (desk === OWN_DESK) store.yieldTo(state.held === false ? state.lease : undefined);
            },
            logger,
          });
    if (redis !== undefined) closers.add(() => redis.close());
    checkpointer = new Checkpointer(
      {
        desks,
        store,
        log,
        retention: logRetention(options),
        logger,
        now,
        everyItems: valuesOf(stateOptions, options).checkpointItems,
      },
      position,
    );
    const { stage: checkpoints } = checkpointer;
    closers.add(() => checkpointer?.close());
    const progress = new Progress();

    // The straight line behind the log.
    const pipeline = new LogPipeline({
      engine: desks,
      stages: [
        deskNews(desks, logger),
        storeIn(store),
        notifyBy(notifications),
        ...(redis === undefined ? [] : [publishTo(redis), canariesTo(redis)]),
        progress.stage,
        noticeTo(announce.notice),
        // Last: a checkpoint comes after all that came of the records it covers.
        checkpoints,
      ],
    });
    const settled = () => store.settled();
    await catchUp({ log, after: position, pipeline, settled, logger, signal: options.signal });
    clock.startAfter(desks.own.receivedMs);
    const journal = createJournal({ log, pipeline, onError });
    const traces = tracesTarget(options);
    const verdicts = traces === undefined ? undefined : await store.sendVerdicts(traces);
    await commitChangedOptions({ journal, log, desks, options: engineConfig, now });
    await commitChangedRules({ journal, desks, rules: options.rules ?? shippedRules(), now });
    const checkChannels = (): void =>
      warnOfUnknownChannels(desks.own.alerts.rules, Object.keys(notifications.channels()), logger);
    checkChannels();

    // What fills the log, and what reads the engines.
    const { commit } = journal;
    const sinks: Sink[] = [store, store.questdb, redis, verdicts].filter((sink) => sink !== undefined);
    const intake = createIntake({
      journal,
      ...valuesOf(intakeOptions, options),
      heldBack: () => store.heldBack,
      now,
    });
    const watch = watching({
      sinks,
      closers,
      wants: () => desks.wants,
      commit,
      onState: announce.blocks,
      onRefused: announce.refused,
      now,
    });
    const { dataDir } = options;
    const misdirected = new Misdirected(announce.misdirected, now);
    const connections = (): ConnectionsStatus => server.connections();
    const http = { connections, misdirected };
    const server: HttpServer = await startServer({
      ...serving,
      onConnections: announce.connections,
      misdirected,
      onError,
      routes,
      context: apiContext({
        dataDir,
        instance: folder.writer.instance,
        intake,
        log,
        store,
        sinks,
        notifications,
        commit,
        desks,
        progress,
        http,
        closers,
        clock,
      }),
    });
    closers.add(() => server.close());
    const ticker = startTicker({
      journal,
      isBehind: (nowMs) => desks.isBehind(nowMs),
      isAlertDue: (nowMs) => desks.isAlertDue(nowMs),
      now,
    });
    closers.add(() => ticker.stop());
    watch(options);
    const reporter = startReporter({
      commit,
      sinks,
      log,
      dataDir,
      maxLogBytes: logRetention(options).maxBytes,
      publishedMs: () => progress.timeMs,
      now,
    });
    closers.add(() => reporter.stop());

    return {
      url: server.url,
      host: server.host,
      port: server.port,
      current: () => desks.own.current(),
      dashboard: store.dashboard,
      sinks: () => Object.fromEntries(sinks.map((sink) => [sink.name, sink.status()])),
      watch,
      setChannels: async (channels) => {
        await notifications.setChannels(channels);
        checkChannels();
      },
      setToken: (token) => server.setToken(token),
      setRules: async (rules) => {
        await commitChangedRules({ journal, desks, rules, now });
        checkChannels();
      },
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
