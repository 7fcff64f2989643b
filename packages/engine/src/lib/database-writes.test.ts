import { semconv } from "@slipstream/conventions";
import { describe, expect, it } from "vitest";
import { isDatabaseWrite } from "./database-writes.ts";

const query = (text: string): boolean => isDatabaseWrite({ [semconv.dbQuery]: text }, "postgresql");
const operation = (name: string, system = "postgresql"): boolean =>
  isDatabaseWrite({ [semconv.dbOperation]: name, [semconv.dbQuery]: "SELECT 1" }, system);

describe("a database write", () => {
  it.each([
    "INSERT INTO trades VALUES ($1)",
    "  insert into trades select * from staged",
    "-- comment\n/* more\n */ UPDATE trades SET a = 1",
    "delete from trades",
    "MERGE INTO trades USING s ON (true)",
    "UPSERT INTO trades VALUES (1)",
    "WITH old AS (SELECT * FROM trades) DELETE FROM trades",
    "with a as (select ')' from t), b as (select 2) insert into t select * from a",
    "COPY trades FROM STDIN",
    "copy trades (a, b) from stdin with (format csv)",
  ])("is the query %j", (text) => {
    expect(query(text)).toBe(true);
  });

  it.each([
    "SELECT * FROM trades FOR UPDATE",
    "select 'insert into trades'",
    "WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a",
    "EXPLAIN INSERT INTO trades VALUES (1)",
    "COPY trades TO STDOUT",
    "SET search_path TO trading",
    "inserted",
    "BEGIN",
    "",
  ])("is not the query %j", (text) => {
    expect(query(text)).toBe(false);
  });

  it("is told by the operation's name first", () => {
    expect(operation("INSERT")).toBe(true);
    expect(operation("BATCH INSERT")).toBe(true);
    expect(operation("bulkWrite", "mongodb")).toBe(true);
    expect(operation("findAndModify", "mongodb")).toBe(true);
    expect(operation("find", "mongodb")).toBe(false);
    expect(operation("SELECT")).toBe(false);
    expect(operation("ilp", "questdb")).toBe(true);
  });

  it("is told by the summary, and by the older names", () => {
    expect(isDatabaseWrite({ [semconv.dbQuerySummary]: "INSERT trades" }, "postgresql")).toBe(true);
    expect(isDatabaseWrite({ [semconv.dbQueryOld]: "insert into trades values (?)" }, "mysql")).toBe(true);
    expect(isDatabaseWrite({ [semconv.dbOperationOld]: "SELECT" }, "mysql")).toBe(false);
  });

  it("is a command of Redis that changes keys, and only there", () => {
    const redis = (text: string): boolean => isDatabaseWrite({ [semconv.dbQueryOld]: text }, "redis");
    expect(redis("set dashboard:x [1 other arguments]")).toBe(true);
    expect(redis("ZADD key 1 a")).toBe(true);
    expect(redis("get x")).toBe(false);
    expect(redis("zrange x 0 1")).toBe(false);
    expect(operation("set")).toBe(false);
  });

  it("is not what says nothing", () => {
    expect(isDatabaseWrite({}, "postgresql")).toBe(false);
  });
});
