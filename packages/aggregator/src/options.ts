import { engineOptions } from "@slipstream/engine/options";
import { channelOptions } from "./lib/alerts/channels/options.ts";
import { lazyRules } from "./lib/alerts/rules/lazy-rules.ts";
import { rulesOptions } from "./lib/alerts/rules/options.ts";
import { intakeOptions } from "./lib/intake/options.ts";
import { logOptions } from "./lib/log/options.ts";
import { deskOptions } from "./lib/pipeline/options.ts";
import { questDbOptions, questDbTarget } from "./lib/questdb/options.ts";
import { redisOptions } from "./lib/redis/options.ts";
import { serverOptions, tokenOptions } from "./lib/server/options.ts";
import { verdictSpansOptions } from "./lib/sinks/verdict-spans/options.ts";
import { stateOptions } from "./lib/state/options.ts";
import { watcherOptions } from "./lib/watcher/options.ts";
import { writerOptions } from "./lib/writer/options.ts";

export {
  channelOptions,
  engineOptions,
  lazyRules,
  questDbOptions,
  questDbTarget,
  redisOptions,
  rulesOptions,
  tokenOptions,
  verdictSpansOptions,
  watcherOptions,
  writerOptions,
};

/** Every component of the aggregator that has options, in the order of `--help` and of `docs/configuration.md`. */
export const aggregatorComponents: readonly [
  typeof serverOptions,
  typeof tokenOptions,
  typeof logOptions,
  typeof writerOptions,
  typeof deskOptions,
  typeof redisOptions,
  typeof questDbOptions,
  typeof watcherOptions,
  typeof verdictSpansOptions,
  typeof channelOptions,
  typeof intakeOptions,
  typeof stateOptions,
  typeof engineOptions,
] = [
  serverOptions,
  tokenOptions,
  logOptions,
  writerOptions,
  deskOptions,
  redisOptions,
  questDbOptions,
  watcherOptions,
  verdictSpansOptions,
  channelOptions,
  intakeOptions,
  stateOptions,
  engineOptions,
];
