import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { firstMatch } from "../intake/first-match.ts";
import { end } from "../intake/pinned.ts";
import type { Setting } from "./options.ts";

/** Stores that an aggregator writes to. */
export interface Stores {
  readonly redisUrl: string;
  readonly questDbConf: string;
  readonly questDbPgUrl: string;
}

/** A running aggregator of one checkout. */
export interface Subject {
  /** Which checkout it is. */
  readonly build: string;
  readonly setting: Setting;
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

export interface SubjectOptions {
  readonly build: string;
  /** Root of the checkout. */
  readonly checkout: string;
  readonly setting: Setting;
  /** Tells its keys and tables from those of others. */
  readonly number: number;
  /** For its data; it is made. */
  readonly directory: string;
  readonly stores: Stores | undefined;
  readonly cpuProfile: string | undefined;
  /** More settings, as variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * `slipstream aggregate` as a user starts it: the file that npm puts on the path, with the flags of Node that it names. The capital is
 * set, so that every statistic is on.
 */
export async function startSubject(options: SubjectOptions): Promise<Subject> {
  const { build, checkout, setting, number, directory, stores, cpuProfile, env = {} } = options;
  mkdirSync(directory, { mode: 0o700 });
  const sinks =
    stores === undefined
      ? []
      : [
          ...["--redis", stores.redisUrl, "--redis-prefix", `desk${number}:`],
          ...["--questdb", stores.questDbConf, "--questdb-pg", stores.questDbPgUrl],
          ...["--questdb-table-prefix", `desk${number}_`],
        ];
  const bin = join(checkout, "packages/cli/bin/slipstream.js");
  const profiling =
    cpuProfile === undefined
      ? {}
      : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(cpuProfile, String(number))}` };
  const child = spawn(bin, ["aggregate", "--port", "0", "--data", directory, ...sinks], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: directory,
    env: {
      ...process.env,
      ...profiling,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      SLIPSTREAM_CAPITAL_USD: "1000000",
      SLIPSTREAM_LOG_LEVEL: "warn",
      ...env,
    },
  });
  try {
    const url = await firstMatch(child, /Slipstream aggregator on (\S+)/);
    return { build, setting, url, pid: child.pid ?? 0, close: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}
