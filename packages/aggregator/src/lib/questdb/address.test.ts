import { SlipstreamError } from "@slipstream/conventions";
import { expect, it } from "vitest";
import { questDbAddress } from "./address.ts";

function failure(conf: string, pgUrl?: string): SlipstreamError {
  try {
    questDbAddress(conf, pgUrl);
  } catch (error) {
    if (error instanceof SlipstreamError) return error;
  }
  throw new Error("expected a SlipstreamError");
}

it("has the PostgreSQL wire on the same host, with the same name", () => {
  expect(questDbAddress("http::addr=db.example:9001;")).toMatchObject({
    http: "db.example:9001",
    pgAddress: "db.example:8812",
    pg: { host: "db.example", port: 8812, user: "admin", password: "quest", ssl: false },
  });
  expect(questDbAddress("https::addr=db.example;username=desk;password=a;;b;")).toMatchObject({
    http: "db.example:9000",
    pg: { user: "desk", password: "a;b", ssl: { rejectUnauthorized: true } },
  });
});

it("has it elsewhere where a URL says so", () => {
  const url = "postgres://u:p@other.example:9999/qdb";
  expect(questDbAddress("http::addr=db.example:9001;", url)).toMatchObject({
    http: "db.example:9001",
    pgAddress: "other.example:9999",
    pg: { connectionString: url },
  });
});

it.each([
  ["", /missing or empty/],
  ["db.example:9000", /Missing protocol/],
  ["tcp::addr=db.example:9009;", /must be http or https/],
  ["http::username=me;", /required/],
  ["http::addr=db.example:port;", /port/],
  ["https::addr=db.example;tls_ca=/nowhere/ca.pem;", /tls_ca cannot be read/],
  [`https::addr=db.example;tls_ca=${import.meta.filename};`, /tls_ca names holds no certificate/],
])("%j is no configuration string", (conf, message) => {
  expect(failure(conf)).toMatchObject({ code: "questdb_conf", message: expect.stringMatching(message) });
});

it("says if a file of the PostgreSQL wire's URL does not exist", () => {
  const url = "postgres://u:geheim@db.example/qdb?sslmode=verify-full&sslrootcert=/nowhere/ca.pem";
  expect(failure("http::addr=db.example;", url).message).toBe(
    "The file that sslrootcert names in questdbPg (--questdb-pg, SLIPSTREAM_QUESTDB_PG) does not exist: /nowhere/ca.pem.",
  );
});

it("never shows what may be secret", () => {
  for (const conf of [
    "http::addr=a;username=u;password=geheim;wort;",
    "http::addr=a;username=u;password=x;geheim=wort;",
    "http::addr=a;token=geheim\u0001wort;",
    "http::addr=a;tokn=geheim-wort;",
    "http::addr=a;password=it's geheim;'wort';",
  ]) {
    expect(failure(conf).message).not.toMatch(/geheim|wort/);
  }
  expect(failure("http::addr=a;", "postgres:geheim").message).not.toMatch(/geheim/);
});
