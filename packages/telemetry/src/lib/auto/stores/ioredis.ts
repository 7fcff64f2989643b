import { type Context, context, trace } from "@opentelemetry/api";
import { redisWrites, semconv } from "@slipstream/conventions";
import type { AutoParts } from "../auto-parts.ts";
import { StoreCall, type StoreCallFacts } from "./store-call.ts";
import type { StoreState } from "./store-state.ts";

/** What is read of ioredis' Command. */
interface Command {
  readonly name?: unknown;
  resolve?: unknown;
  reject?: unknown;
}

interface RedisClient {
  readonly status?: unknown;
  readonly manuallyClosing?: unknown;
  readonly options?: Readonly<Record<"host" | "port" | "path" | "db", unknown>>;
}

type Method = (this: RedisClient, ...args: unknown[]) => unknown;

/** What a connection says of itself before it is ready. The service did not ask for it. */
const HANDSHAKE: ReadonlySet<string> = new Set(["auth", "hello", "info", "select", "client", "readonly"]);
/** These wait for what others do, or for nothing. */
const NO_CALL =
  /^(?:[ps]?(?:un)?subscribe|monitor|quit|b[lrz][a-z]+|wait(?:aof)?|xread|xreadgroup|brpoplpush)$/;

/**
 * Commands are followed by what settles them, so that their promises stay as they are. ioredis has diagnostics channels from 5.11 on; with a
 * subscriber it hides rejections that nobody handles, and makes texts of the arguments, so they are left to others.
 */
export function installIoredis(parts: AutoParts, state: StoreState): void {
  const seen = new WeakSet<Command>();
  const origins = new WeakMap<Command, Context>();
  const begin = parts.guard("A command to Redis", (client: RedisClient, command: Command) => {
    if (typeof command !== "object" || command === null || seen.has(command)) return;
    seen.add(command);
    beginCommand(parts, state, client, command, origins.get(command) ?? context.active());
  });
  const patchSend = (exports: unknown): void => {
    const { prototype } = classOf(exports) as { prototype: { sendCommand: Method } };
    const { sendCommand } = prototype;
    prototype.sendCommand = function (...args) {
      begin(this, args[0] as Command);
      return sendCommand.apply(this, args);
    };
  };
  const patchRedis = (exports: unknown): void => {
    patchSend(exports);
    patchStatus(parts, state, (classOf(exports) as { prototype: { setStatus: Method } }).prototype);
  };
  const patchPipeline = (exports: unknown): void => {
    const { prototype } = classOf(exports) as { prototype: { sendCommand: Method } };
    const { sendCommand } = prototype;
    // A pipeline is sent later, perhaps for several callers at once.
    prototype.sendCommand = function (...args) {
      const [command] = args;
      if (typeof command === "object" && command !== null) origins.set(command, context.active());
      return sendCommand.apply(this, args);
    };
  };
  // Of version 5 and later, and of version 4.
  for (const path of ["built/Redis.js", "built/redis/index.js"])
    parts.packages.on("ioredis", path, onlyClass(patchRedis));
  for (const path of ["built/Pipeline.js", "built/pipeline.js"])
    parts.packages.on("ioredis", path, patchPipeline);
  // A cluster sends a command again if it has moved. So that this is one call, it begins here.
  parts.packages.on("ioredis", "built/cluster/index.js", patchSend);
}

/** In version 5 and later, `built/redis/index.js` is something else. */
function onlyClass(patch: (exports: unknown) => void): (exports: unknown) => void {
  return (exports) => {
    const { prototype } = classOf(exports) as { prototype?: Record<string, unknown> };
    if (typeof prototype?.sendCommand === "function" && typeof prototype.setStatus === "function")
      patch(exports);
  };
}

function classOf(exports: unknown): object {
  return ((exports as { default?: object }).default ?? exports) as object;
}

function beginCommand(
  parts: AutoParts,
  state: StoreState,
  client: RedisClient,
  command: Command,
  within: Context,
): void {
  const name = String(command.name).toLowerCase();
  if (NO_CALL.test(name) || (HANDSHAKE.has(name) && client.status !== "ready")) return;
  const { resolve, reject } = command;
  if (typeof resolve !== "function" || typeof reject !== "function") return;
  const writes = redisWrites.has(name);
  // Reads that belong to no trace are left out.
  if (!writes && trace.getSpan(within) === undefined) return;
  const { host, port, db } = client.options ?? {};
  const known = /^[a-z][a-z0-9._]{0,30}$/.test(name);
  const operation = known ? name.toUpperCase() : "_OTHER";
  const endpoint = endpointOf(client);
  const facts: StoreCallFacts = {
    name: operation,
    writes,
    attributes: {
      [semconv.dbSystem]: "redis",
      [semconv.dbOperation]: operation,
      ...(typeof db === "number" ? { [semconv.dbNamespace]: String(db) } : {}),
      ...(typeof host === "string" ? { [semconv.serverAddress]: host } : {}),
      ...(typeof port === "number" ? { [semconv.serverPort]: port } : {}),
    },
    ...(endpoint === undefined
      ? {}
      : { onEnd: (reached: boolean) => (reached ? state.answered(endpoint) : state.failed(endpoint)) }),
  };
  const call = new StoreCall(parts, facts, within);
  command.resolve = (value: unknown) => {
    call.succeeded();
    resolve.call(command, value);
  };
  command.reject = (error: unknown) => {
    call.failed(error);
    reject.call(command, error);
  };
}

function patchStatus(parts: AutoParts, state: StoreState, prototype: { setStatus: Method }): void {
  const open = new WeakSet<RedisClient>();
  const observe = parts.guard("A connection to Redis", (client: RedisClient, status: unknown) => {
    const endpoint = endpointOf(client) ?? "";
    if (status === "ready" && !open.has(client)) {
      open.add(client);
      state.opened(endpoint);
    } else if (status === "close") {
      if (open.delete(client)) state.closed();
      if (client.manuallyClosing !== true) state.failed(endpoint);
    }
  });
  const { setStatus } = prototype;
  prototype.setStatus = function (...args) {
    observe(this, args[0]);
    return setStatus.apply(this, args);
  };
}

/** Undefined for a cluster, whose nodes have their own. */
function endpointOf({ options }: RedisClient): string | undefined {
  const { host, port, path } = options ?? {};
  if (typeof path === "string") return path;
  return port === undefined ? undefined : `${host}:${port}`;
}
