import { quantity } from "@slipstream/conventions";
import { type AggregatorClient, errorOf } from "../client/aggregator-client.ts";
import { ClientError } from "../client/client-error.ts";
import type { MisdirectedAnswer, SinkAnswer } from "../client/readiness-schema.ts";
import { fixed } from "../view/format.ts";
import type { Finding } from "./check.ts";
import { checkChannels } from "./check-channels.ts";
import { type ClockComparison, clockOf } from "./check-clock.ts";
import { checkDesks } from "./check-desks.ts";

export interface AggregatorFindings {
  /** Whether an aggregator of ours answers at the address. */
  readonly running: boolean;
  /** Its sinks, by name; undefined if none answers. */
  readonly sinks: Readonly<Record<string, SinkAnswer>> | undefined;
  /** Its clock and ours; empty if none answers. */
  readonly clocks: readonly ClockComparison[];
  readonly findings: readonly Finding[];
}

const check = "Aggregator";

/** The data folder of this configuration, which an aggregator at the configuration's own address should use. */
export interface OwnFolder {
  readonly path: string;
  /** Its id; undefined if there is none yet. */
  readonly instance: string | undefined;
  /** The id of the demo's folder in it. */
  readonly demo: string | undefined;
}

/**
 * @param own undefined if another aggregator was named: then none is an error, and its folder is elsewhere
 */
export async function checkAggregator(
  client: AggregatorClient,
  own: OwnFolder | undefined,
): Promise<AggregatorFindings> {
  try {
    const health = await client.get("/healthz");
    if (errorOf(health.text).code === "host_not_allowed") return notRunning([refusedHost(client)]);
    if (health.status !== 200) return notRunning([stranger(client, `answers ${health.status}`)]);
    const clocks = clockOf("the aggregator", health);
    const {
      ready,
      log,
      sinks,
      instance,
      channels = {},
      connections,
      misdirected = [],
      clock,
    } = await client.readiness();
    const downs = Object.entries(sinks).filter(([, { up }]) => up === false);
    return {
      running: true,
      sinks,
      clocks,
      findings: [
        ready
          ? { check, outcome: "ok", text: `${client.endpoint} is alive and ready${whose(own, instance)}` }
          : {
              check,
              outcome: "bad",
              text: `${client.endpoint} is alive and takes no data: ${log.reason ?? "it does not say why"}`,
              remedy: "look at the disk of its data folder: full, or not writable?",
            },
        ...otherFolder(client, own, instance),
        ...downs.map(([name, sink]) => downFinding(name, sink)),
        ...refusedBlocks(sinks.watcher),
        ...checkChannels(channels),
        ...(connections?.full === true ? [fullFinding(connections.limit)] : []),
        ...misdirected.map(misdirectedFinding),
        ...(clock === undefined ? [] : [receiptClockFinding(clock.receiptAheadSeconds)]),
        ...(await checkToken(client)),
        ...(await checkDesks(client)),
      ],
    };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code !== "unreachable") return notRunning([stranger(client, "answers")]);
    const text = `none answers at ${client.endpoint}`;
    const remedy = "start one: slipstream aggregate (or slipstream demo)";
    const outcome = own === undefined ? "bad" : "warn";
    return notRunning([{ check, outcome, text, remedy }]);
  }
}

function notRunning(findings: readonly Finding[]): AggregatorFindings {
  return { running: false, sinks: undefined, clocks: [], findings };
}

function whose(own: OwnFolder | undefined, instance: string | undefined): string {
  if (own === undefined || instance === undefined) return "";
  if (instance === own.instance) return `, with the data folder ${own.path}`;
  return instance === own.demo ? ", and is the demo" : "";
}

/** What follows is then about another aggregator than the one that this configuration would start. */
function otherFolder(
  { endpoint }: AggregatorClient,
  own: OwnFolder | undefined,
  instance: string | undefined,
): Finding[] {
  if (own === undefined || instance === undefined || instance === own.instance || instance === own.demo)
    return [];
  return [
    {
      check,
      outcome: "warn",
      text: `the aggregator at ${endpoint} uses another data folder than ${own.path}: it is not the one of this configuration`,
      remedy:
        "name its data folder with --data (SLIPSTREAM_DATA_DIR), or another address with --endpoint or --port",
    },
  ];
}

function downFinding(name: string, { lastError, queueItems, writer }: SinkAnswer): Finding {
  const why = lastError === undefined ? "" : `: ${lastError}`;
  if (name === "watcher") {
    const remedy = `check --rpc (SLIPSTREAM_RPC_URL) or --blocks; verdicts wait for ${quantity(queueItems, "slot")}, for an hour of slots at least`;
    return { check, outcome: "warn", text: `its watcher gets no blocks${why}`, remedy };
  }
  if (writer?.held === false) {
    // With both stores, the lease of Redis covers QuestDB, so a prefix for the tables alone does not help there.
    const option =
      name === "redis" || lastError?.includes("--redis-prefix") === true
        ? "--redis-prefix"
        : "--questdb-table-prefix";
    const remedy = `stop one of the two, or give one of them a ${option} of its own; until then, this one's data folder keeps everything`;
    return { check, outcome: "warn", text: `it may not write to its sink ${name}${why}`, remedy };
  }
  return {
    check,
    outcome: "warn",
    text: `its sink ${name} takes no writes${why}`,
    remedy: lastError?.includes("questdbTablePrefix")
      ? "start the aggregator with --questdb-table-prefix; its data folder keeps the history, which is written then"
      : `start it, or correct its address or login and restart the aggregator; ${quantity(queueItems, "item")} waiting, which it writes then`,
  };
}

/** The watcher reads blocks, but some are refused: it says why although it is up. */
function refusedBlocks(watcher: SinkAnswer | undefined): Finding[] {
  if (watcher === undefined || watcher.up === false || watcher.lastError === undefined) return [];
  const text = `its watcher cannot read a block: ${watcher.lastError}`;
  return [
    { check, outcome: "warn", text, remedy: "verdicts on trades near such blocks stay unknown until then" },
  ];
}

function fullFinding(limit: number): Finding {
  return {
    check,
    outcome: "warn",
    text: `all its ${limit} connections are in use: for each new one, the one that has waited longest is closed`,
    remedy:
      "its log names the address with the most; raise maxConnections (SLIPSTREAM_MAX_CONNECTIONS) if they are yours",
  };
}

/** Its machine's clock was set: what comes in has other times than those of the clock. */
function receiptClockFinding(aheadSeconds: number): Finding {
  const remedy = "let its machine keep its time with NTP, and slew its clock (chrony) instead of setting it";
  if (aheadSeconds < 0) {
    const text = `its machine's clock has jumped ahead by ${fixed(-aheadSeconds, 1)} s; it follows in two minutes if the clock is still there`;
    return { check, outcome: "warn", text, remedy };
  }
  const text =
    `its times are ${fixed(aheadSeconds, 1)} s ahead of its machine's clock, which was set back or is behind the newest record ` +
    "of its log; they go 2 % slower until both agree";
  return { check, outcome: "warn", text, remedy };
}

/** Somebody sends to it in a way that it cannot read, or only just. */
function misdirectedFinding({ kind, count, lastSeen, remedy, taken }: MisdirectedAnswer): Finding {
  const text = `${quantity(count, "request")} sent the wrong way (${kind}), the last at ${lastSeen.slice(0, 19)}Z`;
  return { check, outcome: taken ? "ok" : "warn", text, remedy };
}

async function checkToken(client: AggregatorClient): Promise<Finding[]> {
  const { status } = await client.get("/api/current");
  if (status !== 401) return [];
  const remedy = "give the aggregator's token with --token or SLIPSTREAM_TOKEN";
  return [{ check, outcome: "bad", text: "it does not take this token", remedy }];
}

function refusedHost({ endpoint }: AggregatorClient): Finding {
  return {
    check,
    outcome: "bad",
    text: `the aggregator at ${endpoint} does not answer to the host name ${new URL(endpoint).hostname}`,
    remedy: "add the name to its allowedHosts (SLIPSTREAM_ALLOWED_HOSTS), or use its address",
  };
}

function stranger(client: AggregatorClient, what: string): Finding {
  return {
    check,
    outcome: "bad",
    text: `${client.endpoint} ${what}, but is no Slipstream aggregator: another program has this address`,
    remedy: "name the aggregator's address with --endpoint (SLIPSTREAM_ENDPOINT)",
  };
}
