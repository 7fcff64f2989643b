import { type Attributes, type Context, context } from "@opentelemetry/api";
import { semconv } from "@slipstream/conventions";
import { observed } from "../../observe.ts";
import type { AutoParts } from "../auto-parts.ts";
import { sqlStatement } from "./sql.ts";
import { StoreCall } from "./store-call.ts";
import type { StoreState } from "./store-state.ts";

type Method = (this: PgClient, ...args: unknown[]) => unknown;
type Callback = (this: unknown, ...args: unknown[]) => unknown;

/** What is read of pg's Client. */
interface PgClient {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly database?: unknown;
  once?(event: string, listener: () => void): unknown;
}

interface Methods {
  query: Method;
  connect: Method;
  end: Method;
}

/** QuestDB's port for PostgreSQL's protocol. */
const QUESTDB_PORT = 8812;

/** States of the stores that speak PostgreSQL's protocol. */
export interface PgStates {
  readonly postgres: StoreState;
  readonly questdb: StoreState;
}

export function installPg(parts: AutoParts, states: PgStates): void {
  const client = (exports: unknown): void =>
    patchClient(parts, states, (exports as { prototype: Methods }).prototype);
  parts.packages.on("pg", "lib/client.js", client);
  parts.packages.on("pg", "lib/native/client.js", client);
  parts.packages.on("pg-pool", "index.js", (exports) => {
    const { prototype } = exports as { prototype: { connect: Callback } };
    const { connect } = prototype;
    // The pool calls back where a connection becomes free: in the context of whoever released it.
    prototype.connect = function (...args) {
      const [callback] = args;
      if (typeof callback !== "function") return connect.apply(this, args);
      return connect.call(this, inContext(context.active(), callback as Callback));
    };
  });
}

function patchClient(parts: AutoParts, states: PgStates, prototype: Methods): void {
  const { query, connect, end } = prototype;
  const ending = new WeakSet<PgClient>();
  const connecting = new WeakSet<PgClient>();
  const follow = parts.guard("A connection to PostgreSQL", (client: PgClient) => {
    if (connecting.has(client)) return;
    connecting.add(client);
    const { state, endpoint } = serverOf(client, states);
    let isOpen = false;
    client.once?.("connect", () => {
      isOpen = true;
      state.opened(endpoint);
    });
    client.once?.("end", () => {
      if (isOpen) state.closed();
      if (!ending.has(client)) state.failed(endpoint);
    });
  });
  const begin = parts.guard("A query of PostgreSQL", (client: PgClient, config: unknown) =>
    beginQuery(parts, states, client, config),
  );

  prototype.query = function (...args) {
    const call = begin(this, args[0]);
    if (call === undefined) return query.apply(this, args);
    if (isSubmittable(args[0])) {
      followSubmittable(args[0], call);
      return thrownTo(call, () =>
        query.apply(
          this,
          withCallback(args, call.context, () => {}),
        ),
      );
    }
    const calledBack = withCallback(args, call.context, (error) => {
      if (error) call.failed(error);
      else call.succeeded();
    });
    if (calledBack !== args) return thrownTo(call, () => query.apply(this, calledBack));
    return observed(() => query.apply(this, args), call);
  };
  prototype.connect = function (...args) {
    follow(this);
    return connect.apply(this, args);
  };
  prototype.end = function (...args) {
    ending.add(this);
    return end.apply(this, args);
  };
}

function serverOf(
  { host, port }: PgClient,
  { postgres, questdb }: PgStates,
): { readonly state: StoreState; readonly endpoint: string } {
  return { state: Number(port) === QUESTDB_PORT ? questdb : postgres, endpoint: `${host}:${port}` };
}

function beginQuery(
  parts: AutoParts,
  states: PgStates,
  client: PgClient,
  config: unknown,
): StoreCall | undefined {
  const text = textOf(config);
  if (text === undefined) return undefined;
  const { operation, collection, text: query, writes } = sqlStatement(text);
  const { state, endpoint } = serverOf(client, states);
  const { host, port, database } = client;
  const summary = [operation, collection].filter((part) => part !== undefined).join(" ");
  const attributes: Attributes = {
    [semconv.dbSystem]: "postgresql",
    ...(typeof database === "string" ? { [semconv.dbNamespace]: database } : {}),
    ...(operation === undefined ? {} : { [semconv.dbOperation]: operation }),
    ...(collection === undefined ? {} : { [semconv.dbCollection]: collection }),
    ...(summary === "" ? {} : { [semconv.dbQuerySummary]: summary }),
    ...(query === undefined || query === "" ? {} : { [semconv.dbQuery]: query }),
    ...(typeof host === "string" ? { [semconv.serverAddress]: host } : {}),
    ...(typeof port === "number" ? { [semconv.serverPort]: port } : {}),
  };
  return new StoreCall(parts, {
    name: summary || "postgresql",
    writes,
    attributes,
    onEnd: (reached) => (reached ? state.answered(endpoint) : state.failed(endpoint)),
  });
}

/** The statement, of a text, `{ text }`, a Query, a Cursor or a QueryStream. */
function textOf(config: unknown): string | undefined {
  if (typeof config === "string") return config;
  if (typeof config !== "object" || config === null) return undefined;
  const { text, cursor } = config as { text?: unknown; cursor?: { text?: unknown } };
  const given = text ?? cursor?.text;
  return typeof given === "string" ? given : undefined;
}

interface Submittable {
  handleError?: Callback;
  handleReadyForQuery?: Callback;
}

function isSubmittable(config: unknown): config is Submittable {
  return typeof (config as { submit?: unknown } | null | undefined)?.submit === "function";
}

/** A query that is an object of its own gets to know by these methods what the server says. */
function followSubmittable(query: Submittable, call: StoreCall): void {
  const { handleError, handleReadyForQuery } = query;
  if (handleError !== undefined) {
    query.handleError = function (...args) {
      call.failed(args[0]);
      return handleError.apply(this, args);
    };
  }
  if (handleReadyForQuery !== undefined) {
    query.handleReadyForQuery = function (...args) {
      call.succeeded();
      return handleReadyForQuery.apply(this, args);
    };
  }
}

/** The same arguments if none is a callback. */
function withCallback(args: unknown[], within: Context, ended: (error: unknown) => void): unknown[] {
  const at = args.findIndex((arg, index) => index > 0 && typeof arg === "function");
  const followed = (callback: unknown): Callback =>
    inContext(within, callback as Callback, (error) => ended(error));
  if (at > 0) return args.with(at, followed(args[at]));
  const [config] = args;
  if (isSubmittable(config) || typeof (config as { callback?: unknown } | null)?.callback !== "function")
    return args;
  const own = config as { callback: unknown };
  const copy = Object.assign(Object.create(Object.getPrototypeOf(own)), own, {
    callback: followed(own.callback),
  });
  return args.with(0, copy);
}

function inContext(within: Context, callback: Callback, before?: (...args: unknown[]) => void): Callback {
  return function (this: unknown, ...args) {
    before?.(...args);
    return context.with(within, () => callback.apply(this, args));
  };
}

function thrownTo<T>(call: StoreCall, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    call.failed(error);
    throw error;
  }
}
