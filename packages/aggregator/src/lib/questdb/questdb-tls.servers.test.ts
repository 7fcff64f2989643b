import { randomUUID } from "node:crypto";
import { eventually } from "@slipstream/testing/eventually";
import { startedQuestDb } from "@slipstream/testing/started";
import { startTlsProxy, type TlsProxy } from "@slipstream/testing/tls-proxy";
import { expect, onTestFinished, test } from "vitest";
import { tradeRow } from "../history/testing/rows.ts";
import { processWriter } from "../writer/identity.ts";
import { questDbAddress } from "./address.ts";
import { inspectQuestDb } from "./lazy.ts";
import { createQuestDbHistory } from "./questdb-history.ts";
import { QuestDbLease } from "./questdb-lease.ts";
import { openQuestDbReader } from "./reader.ts";

async function inFront(of: number, asPostgres = false): Promise<TlsProxy> {
  const proxy = await startTlsProxy(of, asPostgres);
  onTestFinished(() => proxy.close());
  return proxy;
}

// One process: the lease stays its own.
const run = randomUUID();

/** What comes of writing a row: undefined, or the error's message. */
async function written(conf: string, pgUrl: string, id: number): Promise<string | undefined> {
  const lease = new QuestDbLease({
    tablePrefix: "",
    writer: processWriter({ desk: "alpha", run }),
  });
  const store = createQuestDbHistory({
    address: questDbAddress(conf, pgUrl),
    tablePrefix: "",
    lease,
    timeoutMs: 5_000,
  });
  try {
    await store.open();
    await store.write([tradeRow(id)]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await store.release?.();
  }
}

test("QuestDB behind TLS: rows are written and read, with a certificate of one's own that is named", async () => {
  const server = await startedQuestDb();
  const portOf = (text: string): number => Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
  const http = await inFront(portOf(server.conf));
  const pg = await inFront(portOf(server.pgUrl), true);
  const conf = `https::addr=127.0.0.1:${http.port};tls_ca=${http.ca};`;
  const pgUrl = `postgres://admin:quest@127.0.0.1:${pg.port}/qdb?sslmode=verify-full&sslrootcert=${pg.ca}`;
  const told = [
    await written(conf, pgUrl, 1),
    // Without TLS at the PostgreSQL port, as QuestDB itself has none.
    await written(conf, server.pgUrl, 2),
    await written(`https::addr=127.0.0.1:${http.port};tls_verify=unsafe_off;`, server.pgUrl, 3),
  ];
  expect(told).toEqual([undefined, undefined, undefined]);
  const reader = await openQuestDbReader(questDbAddress(conf, pgUrl));
  await eventually("three rows", async () => (await reader.rows({ table: "trades" })).length === 3);
  expect(await reader.desks()).toEqual({ own: "alpha", others: [] });
  await reader.close();
  await expect(inspectQuestDb({ conf, pgUrl }, 5_000)).resolves.toMatchObject({ suspended: [] });

  const untrusted = `https::addr=127.0.0.1:${http.port};`;
  expect(await written(untrusted, server.pgUrl, 4)).toMatch(/certificate/);
  await expect(inspectQuestDb({ conf: untrusted, pgUrl: server.pgUrl }, 5_000)).rejects.toThrow(
    /its certificate is not trusted; .* tls_ca=FILE;/,
  );
  await expect(
    inspectQuestDb({ conf: server.conf.replace("http:", "https:"), pgUrl }, 5_000),
  ).rejects.toThrow(/cannot be reached at .*(it did not answer with TLS|ECONNRESET)/);
  expect(await written(conf, pgUrl.replace(/&sslrootcert=.*/, ""), 5)).toMatch(
    /its certificate is not trusted; .*sslrootcert=FILE in questdbPg/,
  );
  expect(await written(conf, server.pgUrl.replace("/qdb", "/qdb?sslmode=verify-full"), 6)).toMatch(
    /does not support SSL/,
  );
});
