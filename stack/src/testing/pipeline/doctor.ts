import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { portOf, type Setting } from "../../parts/part.ts";
import {
  alertmanagerUrl,
  jaegerUrl,
  otlpUrl,
  prometheusUrl,
  questdbConf,
  questdbPgUrl,
  redisUrl,
} from "../../parts/urls.ts";

export interface Finding {
  readonly check: string;
  readonly outcome: "ok" | "warn" | "bad";
  readonly text: string;
  /** Of the canary: the part that it came to, or did not, and how long it took. */
  readonly part?: string | undefined;
  readonly seconds?: number | undefined;
}

/** What `slipstream doctor` says. */
export interface Diagnosis {
  /** Exit code; null: it was killed. */
  readonly code: number | null;
  readonly findings: readonly Finding[];
}

const findingsSchema: z.ZodType<readonly Finding[]> = z.array(
  z.object({
    check: z.string(),
    outcome: z.enum(["ok", "warn", "bad"]),
    text: z.string(),
    part: z.string().optional(),
    seconds: z.number().optional(),
  }),
);

/** Runs `slipstream doctor` once with all parts of the stack named. */
export async function diagnosed({ repository, ...setting }: Setting): Promise<Diagnosis> {
  const args = [
    join(repository, "packages", "cli", "bin", "slipstream.js"),
    "doctor",
    "--json",
    `--port=${portOf(setting, "aggregator")}`,
    `--data=${join(setting.data, "aggregator")}`,
    `--collector=${otlpUrl(setting)}`,
    `--prometheus=${prometheusUrl(setting)}`,
    `--alertmanager=${alertmanagerUrl(setting)}`,
    `--traces=${jaegerUrl(setting)}`,
  ];
  const env = {
    PATH: process.env.PATH,
    SLIPSTREAM_TOKEN: readFileSync(setting.tokenFile, "utf8").trim(),
    REDIS_URL: redisUrl(setting),
    QDB_CLIENT_CONF: questdbConf(setting),
    SLIPSTREAM_QUESTDB_PG: questdbPgUrl(setting),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, { cwd: setting.data, env }, (_, stdout, stderr) => {
      try {
        resolve({ code: child.exitCode, findings: findingsSchema.parse(JSON.parse(stdout)) });
      } catch (error) {
        reject(new Error(`slipstream doctor printed: ${stdout}${stderr}`, { cause: error }));
      }
    });
  });
}
