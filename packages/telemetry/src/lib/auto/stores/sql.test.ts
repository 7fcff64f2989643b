import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sqlStatement } from "./sql.ts";

describe("what a statement does", () => {
  test.each([
    ["INSERT INTO trades (id) VALUES ($1)", "INSERT", "trades", true],
    ['  -- why\n insert into public."My Orders" values (1)', "INSERT", "public.My Orders", true],
    ["select * from quotes where id = 7", "SELECT", "quotes", false],
    ["WITH old AS (DELETE FROM a RETURNING *) SELECT * FROM old", "SELECT", "old", false],
    ["WITH n AS (SELECT 1) INSERT INTO b SELECT * FROM n", "INSERT", "b", true],
    ["UPDATE ONLY positions SET open = false", "UPDATE", "positions", true],
    ["DELETE FROM positions", "DELETE", "positions", true],
    ["BEGIN", "BEGIN", undefined, false],
    ["BEGIN; INSERT INTO c VALUES (1); COMMIT", "INSERT", "c", true],
    ["COPY trades (id, price) FROM STDIN", "COPY", "trades", true],
    ["COPY trades TO STDOUT", "COPY", "trades", false],
    ["CREATE TABLE IF NOT EXISTS t (id int)", "CREATE", "t", false],
    ["hunter2", undefined, undefined, false],
    ["", undefined, undefined, false],
  ])("%s", (sql, operation, collection, writes) => {
    expect(sqlStatement(sql)).toMatchObject({ operation, collection, writes });
  });
});

describe("literals are left out", () => {
  test.each([
    [
      "SELECT 'hunter2', 17, 1.5e-3, .5, x'ff', E'a\\'b' FROM t1 WHERE a = $1",
      "SELECT ?, ?, ?, ?, ?, ? FROM t1 WHERE a = $1",
    ],
    ["SELECT $$hunter2$$, $tag$ it's $$ hunter2 $tag$", "SELECT ?, ?"],
    ["SELECT 1 -- hunter2\n/* hunter2 */ + 2", "SELECT ? + ?"],
    ["SELECT 'it''s hunter2", "SELECT ?"],
    ["SELECT 'it\\'s hunter2'", undefined],
    ["SELECT 1 /* a /* b */ hunter2 */", undefined],
  ])("%s", (sql, text) => {
    expect(sqlStatement(sql).text).toBe(text);
  });

  test("whatever is in a literal", () => {
    const secret = "S3CR3T";
    const around = fc.string({
      unit: fc.constantFrom("'", "\\", "$", "-", "*", "/", ";", "a", " ", '"', "\n", "e"),
    });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const value = `${before}${secret}${after}`.replaceAll("'", "''");
        const { text = "", collection = "" } = sqlStatement(
          `INSERT INTO t VALUES ('${value}', '${secret}', $1)`,
        );
        expect(text + collection).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a statement of any length is read within a bound", () => {
    const long = `INSERT INTO t VALUES ${"('x', 1),".repeat(200_000)}`;
    expect(sqlStatement(long)).toMatchObject({ operation: "INSERT", collection: "t" });
    expect(sqlStatement(long).text?.length).toBeLessThanOrEqual(1_024);
  });
});
