// The aggregator's configuration where it runs beside the other parts: `docker compose up` and `npm run stack` start it with this file
// (SLIPSTREAM_CONFIG). What differs comes by variables, STACK_*; the aggregator's own, SLIPSTREAM_*, hold beside them. Secrets come from files,
// so they are in no environment and on no command line, and SIGHUP reads a new token.
import { readFileSync } from "node:fs";
// biome-ignore lint/correctness/noUndeclaredDependencies: only a type, which is gone when it runs
import type { SlipstreamConfig } from "@slipstream/cli";

/** What is in the file that a variable names; undefined if it names none. */
function secret(variable: string): string | undefined {
  const path = process.env[variable];
  return path ? readFileSync(path, "utf8").trim() : undefined;
}

const token = secret("STACK_TOKEN_FILE");
const redisPassword = secret("STACK_REDIS_PASSWORD_FILE");
const redisAddress = process.env.STACK_REDIS_ADDRESS;
const questdbPassword = secret("STACK_QUESTDB_PASSWORD_FILE");
const questdbHost = process.env.STACK_QUESTDB_HOST;
const alertmanager = process.env.STACK_ALERTMANAGER_URL;

const questdb = (password: string, host: string): SlipstreamConfig => ({
  questdb: `http::addr=${host}:9000;username=admin;password=${password};`,
  questdbPg: `postgres://admin:${password}@${host}:8812/qdb`,
});

const config: SlipstreamConfig = {
  ...(token && { token }),
  ...(redisAddress && {
    redis: redisPassword ? `redis://:${redisPassword}@${redisAddress}` : `redis://${redisAddress}`,
  }),
  ...(questdbHost && questdbPassword && questdb(questdbPassword, questdbHost)),
  ...(alertmanager && {
    channels: {
      console: { type: "console" },
      alertmanager: { type: "alertmanager", urls: [alertmanager] },
    },
  }),
};

export default config;
