import { HostSet, jupiterHosts, semconv, spanName } from "@slipstream/conventions";
import type { Attributes, Span } from "@slipstream/otlp/decode";
import { finite, text } from "./attributes.ts";
import { STATUS_ERROR } from "./classify-trade.ts";
import { isDatabaseWrite } from "./database-writes.ts";
import type { Call, CallKind } from "./event.ts";
import { type Target, targetOf } from "./hosts.ts";

const CLIENT = 3;
const RPC_HOSTS = [
  "api.mainnet-beta.solana.com",
  "api.mainnet.solana.com",
  "api.devnet.solana.com",
  "api.testnet.solana.com",
  "*.helius-rpc.com",
  "*.rpcpool.com",
  "*.solana-mainnet.quiknode.pro",
];
/** QuestDB's HTTP port and the paths of its line protocol: a write, though the span knows only of HTTP. */
const LINE_PROTOCOL_PORT = "9000";
const LINE_PROTOCOL_PATHS: ReadonlySet<string> = new Set(["/write", "/api/v2/write"]);

interface Meaning {
  readonly kind: CallKind;
  readonly operation: string;
}

const OWN_CALLS: ReadonlyMap<string, Meaning> = meanings({
  [spanName.solanaRpc]: "node",
  [spanName.jupiterQuote]: "jupiter",
  [spanName.jupiterSwap]: "jupiter",
  [spanName.dbWrite]: "database",
});
/** Phases of a trade that are one RPC call where they name its method, and else only contain some. */
const OWN_PHASES: ReadonlyMap<string, Meaning> = meanings({
  [spanName.solanaSubmit]: "node",
  [spanName.solanaSimulate]: "node",
});

/**
 * Tells what a span calls: by Slipstream's own span names, else by OpenTelemetry's semantic conventions for client
 * spans of databases, RPC and HTTP. Source: OpenTelemetry semantic conventions 1.30 and the older spellings.
 */
export class CallClassifier {
  readonly #jupiterHosts: HostSet;
  readonly #rpcHosts: HostSet;

  constructor(hosts: { readonly jupiterHosts: readonly string[]; readonly rpcHosts: readonly string[] }) {
    this.#jupiterHosts = new HostSet([...jupiterHosts, ...hosts.jupiterHosts]);
    this.#rpcHosts = new HostSet([...RPC_HOSTS, ...hosts.rpcHosts]);
  }

  /** Undefined where the span is none of the calls that are told apart. */
  classify(span: Span): Call | undefined {
    const { name, attributes } = span;
    const method = text(attributes[semconv.rpcMethod]);
    const own = OWN_CALLS.get(name) ?? (method === undefined ? undefined : OWN_PHASES.get(name));
    const meaning = own ?? this.#stock(span, method);
    if (meaning === undefined) return undefined;
    const { kind, operation } = meaning;
    return { kind, operation, method, own: own !== undefined, failed: hasFailed(span) };
  }

  #stock({ kind, attributes }: Span, method: string | undefined): Meaning | undefined {
    if (kind !== CLIENT) return undefined;
    const database = text(attributes[semconv.dbSystem]) ?? text(attributes[semconv.dbSystemOld]);
    if (database !== undefined) return isDatabaseWrite(attributes, database) ? DATABASE_WRITE : undefined;
    if (isSolanaRpc(attributes, method)) return NODE_CALL;
    const httpMethod = text(attributes[semconv.httpMethod]) ?? text(attributes[semconv.httpMethodOld]);
    return httpMethod === undefined ? undefined : this.#http(targetOf(attributes), httpMethod);
  }

  #http(target: Target, httpMethod: string): Meaning | undefined {
    if (this.#jupiterHosts.has(target)) return { kind: "jupiter", operation: jupiterOperation(target.path) };
    if (this.#rpcHosts.has(target)) return NODE_CALL;
    const lineProtocol = target.port === LINE_PROTOCOL_PORT && LINE_PROTOCOL_PATHS.has(target.path);
    return lineProtocol && httpMethod === "POST" ? DATABASE_WRITE : undefined;
  }
}

function meanings(kinds: Readonly<Record<string, CallKind>>): ReadonlyMap<string, Meaning> {
  return new Map(Object.entries(kinds).map(([operation, kind]) => [operation, { kind, operation }]));
}

const DATABASE_WRITE: Meaning = { kind: "database", operation: spanName.dbWrite };
const NODE_CALL: Meaning = { kind: "node", operation: spanName.solanaRpc };

/**
 * An RPC span is Solana's where its system is JSON-RPC, an HTTP span where it carries a method of Solana's.
 * Other chains' methods have an underscore (eth_call), Solana's and its providers' never do.
 */
function isSolanaRpc(attributes: Attributes, method: string | undefined): boolean {
  const system = text(attributes[semconv.rpcSystemName]) ?? text(attributes[semconv.rpcSystem]);
  if (system !== undefined && system !== "jsonrpc") return false;
  if (method === undefined) return system === "jsonrpc";
  return system === "jsonrpc"
    ? !method.includes("_")
    : /^(?:get|is|send|simulate|request|minimum)[A-Z][A-Za-z]*$/.test(method);
}

function jupiterOperation(path: string): string {
  switch (path.slice(path.lastIndexOf("/") + 1)) {
    case "quote":
    case "order":
      return spanName.jupiterQuote;
    case "swap":
    case "swap-instructions":
      return spanName.jupiterSwap;
    default:
      return "jupiter.other";
  }
}

function hasFailed({ statusCode, attributes }: Span): boolean {
  if (statusCode === STATUS_ERROR || attributes[semconv.errorType] !== undefined) return true;
  const httpStatus = finite(attributes[semconv.httpStatus] ?? attributes[semconv.httpStatusOld]);
  return httpStatus !== undefined && httpStatus >= 400;
}
