import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { valuesOf } from "@slipstream/config";
import { SlipstreamError } from "@slipstream/conventions";
import { Desks } from "@slipstream/engine";
import type { AggregatorOptions } from "./aggregator-options.ts";
import { announcements } from "./announce.ts";
import { apiDesks } from "./api/desk.ts";
import { healthRoute, readinessRoute } from "./api/health.ts";
import type { ReadinessContext } from "./api/readiness.ts";
import { routes } from "./api/routes.ts";
import { IN_MEMORY } from "./data-folder.ts";
import { createIntake } from "./intake/intake.ts";
import { pointsRoute, tracesRoute } from "./intake/routes.ts";
import { isDiskFull } from "./log/errors.ts";
import { BEGINNING } from "./log/position.ts";
import { silentLogger } from "./logger.ts";
import type { ConnectionsStatus } from "./server/connections/connections.ts";
import { HttpError } from "./server/http-error.ts";
import { Misdirected } from "./server/misdirected/misdirected.ts";
import { serverOptions, tokenOptions } from "./server/options.ts";
import type { Route } from "./server/route.ts";
import { type HttpServer, startServer } from "./server/server.ts";
import { readInstance } from "./writer/identity.ts";

/** Free space that ends the waiting: less would be used up at once. Of a small disk, an eighth is enough. */
const ROOM_BYTES = 8 * 1024 * 1024;
const ROOM_SHARE = 1 / 8;
/** With less free space, whatever SQLite cannot do is due to that. */
const NO_ROOM_BYTES = 256 * 1024;
const LOOK_MS = 500;

/**
 * Starts the aggregator. While the disk is too full for that, its port answers 503 with the reason, as it does when the disk becomes
 * full later, and it starts by itself when there is room.
 *
 * @throws what `start` throws for any other reason; the signal's reason if it aborts
 */
export async function onceThereIsRoom<T>(options: AggregatorOptions, start: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (options.dataDir === IN_MEMORY || !isForWantOfRoom(error, options.dataDir)) throw error;
      await answerUntilRoom(options, error instanceof Error ? error.message : String(error));
    }
  }
}

async function answerUntilRoom(options: AggregatorOptions, cause: string): Promise<void> {
  const { dataDir, logger = silentLogger, signal } = options;
  const reason = `The disk of the data folder is full: ${cause}`;
  const fault = (): string => reason;
  const journal = { commit: () => Promise.reject(new SlipstreamError("log_unavailable", reason)) };
  const announce = announcements(logger);
  const misdirected = new Misdirected(announce.misdirected, Date.now);
  const connections = (): ConnectionsStatus => server.connections();
  const server: HttpServer = await startServer({
    ...valuesOf(serverOptions, options),
    ...valuesOf(tokenOptions, options),
    routes: waitingRoutes(reason),
    context: {
      log: { fault: reason, position: BEGINNING },
      sinks: [],
      channels: () => ({}),
      instance: readInstance(dataDir),
      desks: apiDesks(new Desks()),
      heldBack: fault,
      // Nothing of the log has been read yet.
      troubles: () => ({}),
      aheadMs: () => 0,
      intake: createIntake({ journal, heldBack: fault }),
      http: { connections, misdirected },
    },
    misdirected,
    onConnections: announce.connections,
    onError: (error) => logger.error({ err: error }, "An error that no client caused"),
  });
  logger.warn({ reason, url: server.url }, "The disk is full; answering 503 and starting when there is room");
  try {
    do
      await sleep(LOOK_MS, undefined, signal === undefined ? {} : { signal }).catch(() =>
        signal?.throwIfAborted(),
      );
    while (!hasRoom(dataDir));
  } finally {
    await server.close();
  }
}

/** Those that need no data, and for the others the reason. */
function waitingRoutes(reason: string): readonly Route<ReadinessContext>[] {
  const own: readonly Route<ReadinessContext>[] = [tracesRoute, pointsRoute, healthRoute, readinessRoute];
  const paths = new Set(own.map(({ path }) => path));
  const refusing = routes
    .filter(({ path }) => !paths.has(path))
    .map((route) => ({
      ...route,
      refuse: undefined,
      answer: () => {
        throw new HttpError(503, "store_unavailable", reason, { headers: { "retry-after": "5" } });
      },
    }));
  return [...own, ...refusing];
}

function isForWantOfRoom(error: unknown, dataDir: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (isDiskFull(cause)) return true;
  const isOfData =
    error instanceof SlipstreamError && /^(?:data|log|state)_(?:unusable|unavailable)$/.test(error.code);
  if (!isOfData) return false;
  const { free, all } = freeBytes(dataDir);
  // A file system without blocks, such as /proc, is not full: it never has room for files.
  return all > 0 && free < NO_ROOM_BYTES;
}

function hasRoom(dataDir: string): boolean {
  const { free, all } = freeBytes(dataDir);
  return free >= Math.min(ROOM_BYTES, all * ROOM_SHARE);
}

/** Of the file system that the folder is on, or will be. */
function freeBytes(dataDir: string): { readonly free: number; readonly all: number } {
  let path = resolve(dataDir);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  const { bavail, blocks, bsize } = statfsSync(path);
  return { free: bavail * bsize, all: blocks * bsize };
}
