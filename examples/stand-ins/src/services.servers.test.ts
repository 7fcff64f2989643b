import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { base58 } from "@scure/base";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { type PostgresServer, startPostgres } from "@slipstream/testing/postgres-server";
import { type RedisServer, startRedis } from "@slipstream/testing/redis-server";
import { asJavaScript, installNode, serviceNodes } from "@slipstream/testing/service-nodes";
import { Keypair } from "@solana/web3.js";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStandIns } from "./lib/stand-ins.ts";
import {
  attributesOf,
  metricsOf,
  spanAttributes,
  type Trade,
  tradesOf,
  untraded,
} from "./testing/observed.ts";

const CANARY = "canary";
const wallet = Keypair.generate();
/** The same shape as Jupiter's keys, for each place that one may leave the process from. */
const secrets = {
  nodePath: `${CANARY}NodePath0123456789abcdef`,
  nodeQuery: `${CANARY}NodeQuery0123456789abcdef`,
  jupiter: `${CANARY}Jupiter0123456789abcdef`,
  jito: `${CANARY}Jito0123456789abcdef`,
  redis: `${CANARY}Redis0123456789abcdef`,
  postgres: `${CANARY}Postgres0123456789abcdef`,
};

const signature = /^[1-9A-HJ-NP-Za-km-z]{80,88}$/;
const server = { "server.address": "127.0.0.1", "server.port": expect.any(String) };
const offer = {
  "trade.token_in": "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
  "trade.token_out": "So11111111111111111111111111111111111111112",
  "trade.amount_in": "250000000",
  "trade.quoted_out": "1639344262",
  "trade.min_out": "1631147541",
  "trade.slippage_tolerance_bps": "50",
};

let redis: RedisServer;
let postgres: PostgresServer;
let telemetry: ReturnType<typeof asJavaScript>;
beforeAll(async () => {
  telemetry = asJavaScript("telemetry");
  [redis, postgres] = await Promise.all([startRedis({ password: secrets.redis }), startPostgres()]);
}, 120_000);
afterAll(async () => {
  telemetry.remove();
  await Promise.all([redis.close(), postgres.close()]);
});

describe.each(serviceNodes)("on Node %s, unchanged,", (version) => {
  test("a service with @solana/web3.js and ioredis", async () => {
    const { receiver, without, observed } = await bothRuns("unchanged-web3js", version);
    expect(observed).toEqual(without);
    expect(observed).toMatchObject({ code: 0, orders: 6 });

    const offered = ["jupiter.quote quote", "jupiter.swap swap", "solana.sign"];
    const sent = "solana.submit sendTransaction";
    const looked = "solana.rpc getSignatureStatuses";
    const landed = ["solana.confirm", looked, looked];
    const read = "solana.rpc getTransaction";
    expect(tradesOf(receiver)).toEqual([
      trade(250, "success", [...offered, sent, ...landed, read]),
      trade(1500, "success", [...offered, sent, "solana.submit jito send_transaction", ...landed, read]),
      trade(250, "failed slippage", [...offered, sent, ...landed]),
      trade(300, "failed expired", [...offered, sent, "solana.confirm", looked, looked, looked]),
      trade(350, "success", [...offered, `${sent} failed 429`, sent, ...landed, read]),
      trade(400, "failed rejected", [...offered, `${sent} failed -32005`]),
    ]);
    expect(untraded(receiver)).toEqual({
      "solana.rpc getBlockHeight": 11,
      "db.write HSET": 6,
      "db.write INCR": 6,
    });
    expect(metricsOf(receiver)).toEqual({
      solana_node_latency_seconds: 32,
      jupiter_api_latency_seconds: 12,
      database_write_latency_seconds: 12,
      trade_execution_latency_seconds: 6,
      slippage_error_ratio: 3,
      "trades_total success": 3,
      "trades_total failed": 3,
      // Of the four that have landed, one of which was reverted.
      priority_fees_paid: 4 * 7_000,
      "active_connections redis": 0,
      "slipstream_dependency_up redis": 1,
    });
    expect(attributesOf(receiver, "jupiter.quote")).toEqual({
      ...server,
      "http.response.status_code": "200",
      "jupiter.operation": "quote",
      ...offer,
      "jupiter.price_impact": 0.00012,
      "jupiter.route": "Whirlpool",
    });
    expect(attributesOf(receiver, "solana.submit")).toEqual({
      ...server,
      "http.response.status_code": "200",
      "rpc.system": "jsonrpc",
      "rpc.system.name": "jsonrpc",
      "rpc.method": "sendTransaction",
      "jsonrpc.protocol.version": "2.0",
      "solana.commitment": "confirmed",
    });
    expect(attributesOf(receiver, "solana.submit", "landing.service")).toEqual({
      ...server,
      "http.response.status_code": "200",
      "landing.service": "jito",
      "landing.operation": "send_transaction",
      "jito.tip_lamports": "200000",
    });
    expect(attributesOf(receiver, "solana.submit", "error.type")).toMatchObject({
      "http.response.status_code": "429",
      "rpc.response.status_code": "429",
      "error.type": "429",
    });
    expect(attributesOf(receiver, "db.write")).toEqual({
      ...server,
      "db.system.name": "redis",
      "db.namespace": "0",
      "db.operation.name": "HSET",
    });
    const traded = {
      ...offer,
      "trade.id": expect.stringMatching(signature),
      "trade.pair": "SOL/USDC",
      "trade.side": "buy",
      "trade.size_usd": "250",
      "trade.pool": expect.any(String),
      "trade.latency_ms": expect.any(Number),
      "trade.confirm_ms": expect.any(Number),
      "solana.signature": expect.stringMatching(signature),
      "solana.signer": wallet.publicKey.toBase58(),
      "solana.slot": expect.any(String),
      "solana.priority_fee_lamports": "7000",
      "solana.compute_unit_limit": "140000",
      "solana.compute_unit_price": "50000",
    };
    expect(attributesOf(receiver, "trade.execute")).toEqual({
      ...traded,
      "trade.status": "success",
      "trade.actual_out": "1637704918",
      "solana.base_fee_lamports": "5000",
    });
    expect(attributesOf(receiver, "trade.execute", "jito.tip_lamports")).toMatchObject({
      "trade.size_usd": "1500",
      "jito.tip_lamports": "200000",
    });
    expect(attributesOf(receiver, "trade.execute", "trade.failure_reason")).toEqual({
      ...traded,
      "trade.status": "failed",
      "trade.failure_reason": "slippage",
    });
    expectAttributes(receiver);
    expectNoSecrets(receiver);
  });

  test("a service with @solana/kit and pg", async () => {
    const { receiver, without, observed } = await bothRuns("unchanged-kit", version);
    expect(observed).toEqual(without);
    expect(observed).toMatchObject({ code: 0, orders: 6 });

    const offered = ["jupiter.quote order", "solana.sign"];
    const executed = "solana.submit execute";
    const looked = "solana.rpc getSignatureStatuses";
    expect(tradesOf(receiver)).toEqual([
      trade(250, "success", [...offered, executed, "solana.confirm", looked]),
      trade(1500, "success", [
        ...offered,
        "solana.submit jito send_bundle",
        "solana.submit sendTransaction",
        "solana.confirm",
        looked,
        looked,
      ]),
      trade(250, "failed slippage", [...offered, `${executed} failed 6001`]),
      trade(300, "failed expired", [...offered, `${executed} failed -1005`]),
      trade(350, "success", [...offered, executed, "solana.confirm", `${looked} failed 429`, looked]),
    ]);
    expect(untraded(receiver)).toEqual({
      "solana.rpc getHealth": 5,
      "solana.rpc getHealth failed -32005": 1,
      "solana.rpc getBlockHeight": 4,
      "solana.rpc getLatestBlockhash": 1,
      "POST jito tip_accounts": 1,
      "POST jito bundle_status": 1,
      "CREATE trades": 1,
      "db.write INSERT trades": 6,
      "SELECT trades": 6,
    });
    expect(metricsOf(receiver)).toEqual({
      solana_node_latency_seconds: 17,
      jupiter_api_latency_seconds: 9,
      database_write_latency_seconds: 6,
      trade_execution_latency_seconds: 5,
      // Of the two that Jupiter says the output of.
      slippage_error_ratio: 2,
      priority_fees_paid: 3 * 7_000,
      "trades_total success": 3,
      "trades_total failed": 2,
      "active_connections postgres": 0,
      "slipstream_dependency_up postgres": 1,
    });
    expect(attributesOf(receiver, "db.write")).toEqual({
      ...server,
      "db.system.name": "postgresql",
      "db.namespace": "postgres",
      "db.collection.name": "trades",
      "db.operation.name": "INSERT",
      "db.query.summary": "INSERT trades",
      "db.query.text": "INSERT INTO trades VALUES ($1, $2, $3, $4)",
    });
    expect(attributesOf(receiver, "SELECT trades")).toMatchObject({
      "db.query.text": "SELECT count(*)::int AS kept FROM trades WHERE id > ?",
    });
    expect(attributesOf(receiver, "trade.execute", "jito.bundle_id")).toMatchObject({
      "trade.size_usd": "1500",
      "jito.tip_lamports": "200000",
      "jito.bundle_id": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(attributesOf(receiver, "POST")).toEqual({
      ...server,
      "http.request.method": "POST",
      "http.response.status_code": "200",
      "url.full": expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/bundles$/),
      "landing.service": "jito",
      "landing.operation": "tip_accounts",
    });
    expectAttributes(receiver);
    expectNoSecrets(receiver);
  });
});

function trade(sizeUsd: number, outcome: string, calls: readonly string[]): Trade {
  return { sizeUsd, outcome, calls: [...calls].sort() };
}

/** Every attribute is one of the conventions', and what failed says so in its status. */
function expectAttributes(receiver: Receiver): void {
  for (const { name, attributes } of receiver.spans) {
    expect({
      name,
      unknown: Object.keys(plain(attributes)).filter((key) => !spanAttributes.has(key)),
    }).toEqual({
      name,
      unknown: [],
    });
  }
  const failed = receiver.spans.filter(({ attributes }) => plain(attributes)["error.type"] !== undefined);
  expect(failed.map(({ status }) => status?.code)).toEqual(failed.map(() => 2));
}

function expectNoSecrets({ bodies, requests }: Receiver): void {
  const sent = Buffer.concat(bodies).toString("latin1") + JSON.stringify(requests);
  const key = Buffer.from(wallet.secretKey);
  const forms = [base58.encode(key), key.toString("base64"), key.toString("hex"), JSON.stringify([...key])];
  const found = [CANARY, ...forms, key.toString("latin1")].filter((secret) => sent.includes(secret));
  expect(found).toEqual([]);
  // A signed transaction is longer than whatever may be sent, in each of its encodings.
  expect(sent.match(/[\w+/=]{180,}/g)).toBeNull();
}

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly orders: number;
}

/** Runs a service without and with the flag, each with new stand-ins and empty stores. */
async function bothRuns(
  service: string,
  version: string,
): Promise<{ readonly receiver: Receiver; readonly without: Run; readonly observed: Run }> {
  const node = join(await installNode(version), "node");
  const without = await runService(node, service, []);
  await using receiver = await Receiver.start();
  const auto = pathToFileURL(join(telemetry.folder, "auto.js")).href;
  const observed = await runService(node, service, ["--import", auto], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_SERVICE_NAME: "desk",
  });
  return { receiver, without, observed };
}

async function runService(
  node: string,
  service: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  await emptyStores();
  await using standIns = await startStandIns();
  const file = fileURLToPath(new URL(`../../${service}/src/bot.js`, import.meta.url));
  const child = spawn(node, [...flags, file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      SOLANA_RPC_URL: `${standIns.nodeUrl}/${secrets.nodePath}/?api-key=${secrets.nodeQuery}`,
      JUPITER_URL: standIns.jupiterUrl,
      JITO_URL: standIns.jitoUrl,
      SLIPSTREAM_JITO_HOSTS: new URL(standIns.jitoUrl).host,
      JUPITER_API_KEY: secrets.jupiter,
      JITO_AUTH: secrets.jito,
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url.replace("desk@", `desk:${secrets.postgres}@`),
      WALLET: JSON.stringify([...wallet.secretKey]),
      ...env,
    },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const warnings = stderr.replaceAll(/\(node:\d+\)/g, "(node)");
  return { stdout, stderr: warnings, code, orders: stdout.match(/^order /gm)?.length ?? 0 };
}

async function emptyStores(): Promise<void> {
  await redis.command("flushall");
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query("SET client_min_messages = error");
  await client.query("DROP TABLE IF EXISTS trades");
  await client.end();
}
