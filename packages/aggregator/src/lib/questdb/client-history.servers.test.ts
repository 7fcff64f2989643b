import { randomUUID } from "node:crypto";
import { Sender } from "@questdb/nodejs-client";
import { eventually } from "@slipstream/testing/eventually";
import { startedQuestDb } from "@slipstream/testing/started";
import { expect, onTestFinished, test } from "vitest";
import { MemoryHistory } from "../history/memory-history.ts";
import { tradeRow } from "../history/testing/rows.ts";
import { createHistorySink, type HistorySink } from "../sinks/history-sink.ts";
import { processWriter } from "../writer/identity.ts";
import { clientAddress } from "./client-address.ts";
import { createQuestDbClientHistory } from "./client-history.ts";
import { QuestDbLease } from "./questdb-lease.ts";

function fill(client: Sender, rows: number): HistorySink {
  const source = new MemoryHistory();
  for (let index = 0; index < rows; index += 1) source.record(tradeRow(index));
  const lease = new QuestDbLease({ writer: processWriter({ desk: "", run: randomUUID() }), tablePrefix: "" });
  const store = createQuestDbClientHistory(client, { lease, tablePrefix: "" });
  const sink = createHistorySink({ store, source, flushMs: 20, settleMs: 100 });
  onTestFinished(() => sink.close());
  return sink;
}

test.each(["undici", "stdlib"])(
  "a client over HTTP (%s): tables with deduplication, with a login too",
  async (kind) => {
    const server = await startedQuestDb({ http: { user: "desk", password: "secret word" } });
    const stdlib = kind === "stdlib" ? "stdlib_http=on;" : "";
    const client = await Sender.fromConfig(`${server.conf}${stdlib}`);
    onTestFinished(() => client.close());
    await server.query(
      "CREATE TABLE trades (timestamp TIMESTAMP, trace_id VARCHAR, span_id VARCHAR) TIMESTAMP(timestamp) PARTITION BY DAY WAL",
    );
    const sink = fill(client, 300);
    const count = async () => Number((await server.query("SELECT count() FROM trades"))[0]?.[0]);
    await eventually("written", async () => (await count()) >= 300);
    await eventually("settled", () => sink.status().up === true && sink.status().queueItems === 0);
    const tables = await server.query(
      "SELECT table_name, dedup FROM tables() WHERE table_name IN ('trades', 'alerts')",
    );
    expect(tables.sort()).toEqual([
      ["alerts", true],
      ["trades", true],
    ]);
    expect(await count()).toBe(300);
  },
);

test("a client over HTTP whose login is refused says so without showing it", async () => {
  const server = await startedQuestDb({ http: { user: "desk", password: "right" } });
  const client = await Sender.fromConfig(server.conf.replace("right", "wrong-secret"));
  onTestFinished(() => client.close());
  const sink = fill(client, 3);
  const error = await eventually("refused", () => sink.status().lastError);
  expect(error).toMatch(/refuses SQL over HTTP/);
  expect(error).not.toContain("secret");
});

test("a client over TCP has no address to make tables at", async () => {
  const http = await Sender.fromConfig("http::addr=h:1;token=t;protocol_version=1;");
  expect(clientAddress(http)).toMatchObject({ url: "http://h:1", authorization: "Bearer t" });
  // As version 3 of the client is built.
  expect(
    clientAddress({ host: "h", port: 9, secure: true, requestTimeout: 1, username: "u", password: "p" }),
  ).toMatchObject({
    url: "https://h:9",
    authorization: "Basic dTpw",
  });
  expect(clientAddress(await Sender.fromConfig("tcp::addr=h:1;protocol_version=1;"))).toBeUndefined();
  expect(clientAddress({})).toBeUndefined();
});
