import { context } from "@opentelemetry/api";
import { semconv } from "@slipstream/conventions";
import { observed } from "../../observe.ts";
import { suppressTracing } from "../../sdk.ts";
import type { AutoParts } from "../auto-parts.ts";
import type { Sockets } from "./sockets.ts";
import { StoreCall } from "./store-call.ts";
import type { StoreState } from "./store-state.ts";

/** What is read of a Sender; the server is the transport's from version 4 on. */
interface Sender {
  readonly pendingRowCount?: unknown;
  readonly transport?: Server;
}

interface Server {
  readonly host?: unknown;
  readonly port?: unknown;
}

type Method = (this: Sender, ...args: unknown[]) => unknown;
type Maker = (this: unknown, ...args: unknown[]) => unknown;

interface SenderClass {
  readonly prototype: { flush: Method; connect?: Method };
  fromConfig?: Maker;
  fromEnv?: Maker;
}

/** Each flush that has rows is a write. The client's own request inside of it is no call of its own. */
export function installQuestDb(parts: AutoParts, state: StoreState, sockets: Sockets): void {
  const patch = (exports: unknown): void => {
    const { Sender } = exports as { Sender: SenderClass };
    const { prototype } = Sender;
    const { flush, connect } = prototype;
    // To make a sender, the client asks the server what it can.
    for (const name of ["fromConfig", "fromEnv"] as const) {
      const made = Sender[name];
      if (typeof made !== "function") continue;
      Sender[name] = function (...args) {
        return context.with(suppressTracing(context.active()), () => made.apply(this, args));
      };
    }
    const begin = parts.guard("A write to QuestDB", (sender: Sender) => {
      const { pendingRowCount: rows } = sender;
      const server = serverOf(sender);
      sockets.count(server, state);
      if (rows === 0) return undefined;
      return new StoreCall(parts, {
        name: "write",
        writes: true,
        attributes: {
          [semconv.dbSystem]: "questdb",
          [semconv.dbOperation]: "write",
          ...(typeof rows === "number" && rows > 1 ? { [semconv.dbBatchSize]: rows } : {}),
          ...(server.host === undefined ? {} : { [semconv.serverAddress]: server.host }),
          ...(server.port === undefined ? {} : { [semconv.serverPort]: server.port }),
        },
        onEnd: (reached) => {
          const endpoint = `${server.host}:${server.port}`;
          if (reached) state.answered(endpoint);
          else state.failed(endpoint);
        },
      });
    });
    prototype.flush = function (...args) {
      const call = begin(this);
      if (call === undefined) return flush.apply(this, args);
      return observed(() => context.with(suppressTracing(call.inside), () => flush.apply(this, args)), call);
    };
    if (connect === undefined) return;
    const count = parts.guard("A connection to QuestDB", (sender: Sender) =>
      sockets.count(serverOf(sender), state),
    );
    prototype.connect = function (...args) {
      count(this);
      return connect.apply(this, args);
    };
  };
  for (const path of ["dist/cjs/index.js", "dist/es/index.mjs"])
    parts.packages.on("@questdb/nodejs-client", path, patch);
}

function serverOf(sender: Sender): { readonly host: string | undefined; readonly port: number | undefined } {
  const { host, port } = sender.transport ?? (sender as Server);
  return {
    host: typeof host === "string" ? host : undefined,
    port: Number.isInteger(Number(port)) && port !== undefined ? Number(port) : undefined,
  };
}
