import { type ChildProcess, fork, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { ask, closed, nextMessage } from "../lib/child.ts";
import type { Order, Received, Run, Settled, Way, Worked } from "./messages.ts";

/** The flags that observe a service in each way, as the documentation of each says. */
const flags: Readonly<Record<Way, readonly string[]>> = {
  none: [],
  slipstream: ["--import", "@slipstream/telemetry/auto"],
  stock: ["--require", "@opentelemetry/auto-instrumentations-node/register"],
  "by hand": ["--import", fileURLToPath(new URL("./service/spans-by-hand.mjs", import.meta.url))],
};
/** From here the packages are found, as they are published: from `dist`. */
const CWD = fileURLToPath(new URL("../../", import.meta.url));
const fileOf = (name: string): string => fileURLToPath(new URL(`./service/${name}`, import.meta.url));

/** Addresses of servers; undefined: not there. */
export interface Servers {
  readonly otlpUrl: string;
  readonly venuesUrl: string;
  readonly postgresUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

/** A service in a process of its own. */
export class Bot {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(way: Way, servers: Servers): Promise<Bot> {
    const child = spawn(process.execPath, [...flags[way], fileOf("bot.cjs")], {
      cwd: CWD,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: environment(way, servers),
    });
    await nextMessage(child);
    return new Bot(child);
  }

  /** Resolves when the work is done. `settled` resolves when all telemetry is sent; until then no other order may come. */
  async run(order: Order): Promise<{ readonly settled: Promise<Run> }> {
    const worked = await ask<Worked>(this.#child, order);
    const settled = nextMessage(this.#child).then((message) => ({ ...worked, ...(message as Settled) }));
    return { settled };
  }

  close(): Promise<void> {
    return closed(this.#child);
  }
}

/** What a service took until its first line. */
export async function firstLine(way: Way, packages: readonly string[], otlpUrl: string): Promise<FirstLine> {
  const servers = { otlpUrl, venuesUrl: "", postgresUrl: undefined, redisUrl: undefined };
  const child = spawn(process.execPath, [...flags[way], fileOf("first-line.cjs"), ...packages], {
    cwd: CWD,
    stdio: ["ignore", "pipe", "inherit"],
    env: environment(way, servers),
  });
  return JSON.parse(await text(child.stdout));
}

export interface FirstLine {
  readonly cpuMs: number;
  readonly wallMs: number;
}

function environment(way: Way, servers: Servers): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:OTEL|SLIPSTREAM|NODE_OPTIONS)/.test(name));
  return {
    ...Object.fromEntries(own),
    VENUES_URL: servers.venuesUrl,
    POSTGRES_URL: servers.postgresUrl ?? "",
    REDIS_URL: servers.redisUrl ?? "",
    SPANS_BY_HAND: way === "by hand" ? "1" : "",
    OTEL_SERVICE_NAME: "bot",
    OTEL_EXPORTER_OTLP_ENDPOINT: `${servers.otlpUrl}/${encodeURIComponent(way)}`,
    ...(way === "stock" ? stockOnly : {}),
  };
}

const stockOnly = {
  // As often as Slipstream, so that what waits is sent when the CPU time is read.
  OTEL_BSP_SCHEDULE_DELAY: "1000",
  // By default it asks the addresses of several clouds where it runs.
  OTEL_NODE_RESOURCE_DETECTORS: "env,host,os,process",
};

/** A server in a process of its own: what it takes must not count as the service's. */
export interface ServerProcess {
  readonly url: string;
  received(): Promise<Received>;
  close(): Promise<void>;
}

export async function startServer(main: "receiver.main.ts" | "venues.main.ts"): Promise<ServerProcess> {
  const child = fork(new URL(`./${main}`, import.meta.url));
  const { url } = (await nextMessage(child)) as { url: string };
  return { url, received: () => ask<Received>(child, {}), close: () => closed(child) };
}
