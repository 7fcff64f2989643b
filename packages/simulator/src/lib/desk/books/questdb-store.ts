import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { Sender, SenderOptions } from "@questdb/nodejs-client";
import { semconv } from "@slipstream/conventions";
import { optionError } from "../../option-error.ts";
import type { TradeTruth } from "../../truth/model.ts";
import { CallError, HttpClient, openSockets } from "../http-client.ts";
import type { Store } from "./store.ts";

/** A table of the simulator's own. */
export const ORDERS_TABLE = "simulator_orders";

/** QuestDB drops days older than this by itself. */
const KEEP_DAYS = 7;

const definition: string = `CREATE TABLE IF NOT EXISTS ${ORDERS_TABLE} (
  timestamp TIMESTAMP, service SYMBOL, pair SYMBOL, side SYMBOL, strategy SYMBOL, protection SYMBOL, status SYMBOL, failure SYMBOL,
  trade_id VARCHAR, signature VARCHAR, slot LONG, size_usd DOUBLE, pnl_usd DOUBLE, latency_ms DOUBLE, confirm_ms DOUBLE,
  priority_fee_lamports LONG
) TIMESTAMP(timestamp) PARTITION BY DAY TTL ${KEEP_DAYS} DAYS WAL`;

export interface QuestDbStoreOptions {
  /** Configuration string of QuestDB's clients. */
  readonly conf: string;
  /** `service.name`. */
  readonly service: string;
  /** Of each request. */
  readonly timeoutMs: number;
  readonly stopped: AbortSignal;
}

/**
 * Writes each trade as a row of `simulator_orders`, which it makes, with QuestDB's own client over HTTP. A row is a request, so that
 * the span of a write is that of one row.
 *
 * @throws SlipstreamError (`invalid_option`). Its message has no secret.
 */
export function questDbStore({ conf, service, timeoutMs, stopped }: QuestDbStoreOptions): Store {
  const options = optionsOf(conf, timeoutMs);
  const { agent, host = "", port = 9000, protocol } = options;
  const http = new HttpClient(timeoutMs, stopped, { agent, headers: authorization(options) });
  const sender = new Sender(options);
  let made: Promise<void> | undefined;

  /** SQL over HTTP. */
  async function execute(sql: string): Promise<void> {
    const url = `${protocol}://${host}:${port}/exec?query=${encodeURIComponent(sql)}`;
    const { status } = await http.send({ method: "GET", url });
    if (status !== 200) throw new CallError("http", `QuestDB answered ${status}`, status);
  }

  function tableMade(): Promise<void> {
    made ??= execute(definition).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  }

  return {
    type: "questdb",
    attributes: {
      [semconv.dbOperation]: "INSERT",
      [semconv.dbQuerySummary]: `INSERT ${ORDERS_TABLE}`,
      [semconv.serverAddress]: host,
      [semconv.serverPort]: port,
    },
    attempts: 1,
    get connections() {
      return openSockets(agent);
    },
    async write({ trade }) {
      await tableMade();
      addRow(sender, trade, service);
      await sender.flush();
    },
    async check() {
      await tableMade();
      await execute("SELECT 1");
    },
    async close() {
      agent.destroy();
    },
  };
}

type HttpOptions = SenderOptions & { readonly agent: Agent };

function optionsOf(conf: string, timeoutMs: number): HttpOptions {
  let options: SenderOptions;
  try {
    options = new SenderOptions(conf, { log: () => {} });
  } catch {
    throw wrong();
  }
  const { protocol, tls_verify, tls_ca } = options;
  if (protocol !== "http" && protocol !== "https") throw wrong();
  const tls = {
    rejectUnauthorized: tls_verify !== false,
    ...(tls_ca ? { ca: readFileSync(tls_ca) } : {}),
  };
  const agent =
    protocol === "https" ? new TlsAgent({ keepAlive: true, ...tls }) : new Agent({ keepAlive: true });
  return Object.assign(options, {
    agent,
    // Its sockets can be counted, and it does not try again for seconds.
    stdlib_http: true,
    retry_timeout: 0,
    request_timeout: timeoutMs,
    auto_flush: false,
    // With another one it would first ask the server, which may not be there.
    protocol_version: "1",
  });
}

function wrong(): Error {
  return optionError(
    "questdb",
    "must be a configuration string such as http::addr=127.0.0.1:9000; (HTTP or HTTPS)",
  );
}

function authorization({ username, password, token }: SenderOptions): Record<string, string> {
  if (token) return { authorization: `Bearer ${token}` };
  if (!username) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}` };
}

/** Adds it without a pause, so that each flush has one row. */
function addRow(sender: Sender, trade: TradeTruth, service: string): void {
  const { pair, side, strategy, protection, status, failure } = trade;
  try {
    sender.table(ORDERS_TABLE);
    for (const [name, value] of Object.entries({
      service,
      pair,
      side,
      strategy,
      protection,
      status,
      failure,
    })) {
      if (value !== null) sender.symbol(name, value);
    }
    sender.stringColumn("trade_id", trade.id);
    if (trade.signature !== null) sender.stringColumn("signature", trade.signature);
    if (trade.slot !== null) sender.intColumn("slot", trade.slot);
    sender.floatColumn("size_usd", trade.sizeUsd);
    if (trade.pnlUsd !== null) sender.floatColumn("pnl_usd", trade.pnlUsd);
    if (trade.accepted) sender.floatColumn("latency_ms", trade.latencyMs);
    if (trade.confirmMs !== null) sender.floatColumn("confirm_ms", trade.confirmMs);
    if (trade.priorityFeeLamports !== null)
      sender.intColumn("priority_fee_lamports", trade.priorityFeeLamports);
    void sender.at(trade.decidedAtMs, "ms");
  } catch (error) {
    // Nobody could go on from half a row.
    sender.reset();
    throw error;
  }
}
