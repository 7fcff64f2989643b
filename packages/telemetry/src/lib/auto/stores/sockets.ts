import { Socket } from "node:net";
import type { AutoParts } from "../auto-parts.ts";
import type { StoreState } from "./store-state.ts";

/** Stores by the port that they usually listen on, and the package whose calls are observed. */
const USUAL: ReadonlyMap<number, { readonly store: string; readonly package: string }> = new Map([
  [5432, { store: "PostgreSQL", package: "pg" }],
  [6379, { store: "Redis", package: "ioredis" }],
  [8812, { store: "QuestDB", package: "pg" }],
  [9009, { store: "QuestDB", package: "@questdb/nodejs-client" }],
]);

type Connect = (this: Socket, ...args: unknown[]) => Socket;

/** What the service's sockets tell: connections of QuestDB's client, and stores that are used in a way that is not observed. */
export class Sockets {
  readonly #counted = new Map<string, StoreState>();

  constructor(parts: Pick<AutoParts, "packages" | "say" | "guard">) {
    const { packages, say } = parts;
    const said = new Set<string>();
    const observe = parts.guard("A connection", (socket: Socket, args: readonly unknown[]) => {
      const { host = "localhost", port } = targetOf(args);
      if (port === undefined) return;
      const state = this.#counted.get(`${host}:${port}`);
      if (state !== undefined) followSocket(socket, state, `${host}:${port}`);
      const usual = USUAL.get(port);
      if (usual === undefined || packages.loaded.has(usual.package) || said.has(usual.store)) return;
      said.add(usual.store);
      say(
        `The service connects to ${usual.store} (port ${port}), but has not loaded the package ${usual.package}: it is in a bundle, or this is another client. These calls are not observed`,
      );
    });
    const prototype = Socket.prototype as unknown as { connect: Connect };
    const { connect } = prototype;
    prototype.connect = function (...args) {
      observe(this, args);
      return connect.apply(this, args);
    };
  }

  /** From now on, connections to this server are counted. */
  count(
    { host, port }: { readonly host: string | undefined; readonly port: number | undefined },
    state: StoreState,
  ): void {
    if (host !== undefined && port !== undefined && this.#counted.size < 64)
      this.#counted.set(`${host}:${port}`, state);
  }
}

function followSocket(socket: Socket, state: StoreState, endpoint: string): void {
  let isOpen = false;
  // Before its handshake, nothing can be said by TLS; if it fails, the certificate may be the reason.
  socket.once("encrypted" in socket ? "secureConnect" : "connect", () => {
    isOpen = true;
    state.opened(endpoint);
  });
  socket.once("close", () => {
    if (isOpen) state.closed();
    else state.failed(endpoint);
  });
}

interface Target {
  readonly host?: string;
  readonly port?: number;
}

/** `connect(port, host)`, `connect({ port, host })`, or the list that Node makes of either. */
function targetOf(args: readonly unknown[]): Target {
  const [first, second] = args;
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options === "object" && options !== null) {
    const { host, port } = options as { host?: unknown; port?: unknown };
    return {
      ...(typeof host === "string" ? { host } : {}),
      ...(port === undefined || port === null ? {} : { port: Number(port) }),
    };
  }
  if (typeof options !== "number" && !/^\d+$/.test(String(options))) return {};
  return { port: Number(options), ...(typeof second === "string" ? { host: second } : {}) };
}
