import { expect, test } from "vitest";
import {
  absentOr,
  array,
  boolean,
  bytes,
  either,
  type Form,
  matching,
  number,
  object,
  oneOf,
  openObject,
  record,
  string,
  tuple,
  WrongForm,
} from "./form.ts";

const row = object({ name: string, at: number.nullable(), more: absentOr(boolean) });

test("reads what has the form, and leaves out what it does not name", () => {
  expect(row.parse({ name: "a", at: null, other: 1 })).toEqual({ name: "a", at: null });
  expect(row.parse({ name: "a", at: 2, more: true })).toEqual({ name: "a", at: 2, more: true });
  expect(openObject({ name: string }).parse({ name: "a", other: 1 })).toEqual({ name: "a", other: 1 });
  expect(row.optional().parse(undefined)).toBeUndefined();
  expect(record(number).parse({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  expect(array(tuple([string, oneOf(["int", "text"])])).parse([["a", "int"]])).toEqual([["a", "int"]]);
  expect(number.transform(String).parse(7)).toBe("7");
  expect([either(number, string).parse(0), either(number, string).parse("")]).toEqual([0, ""]);
});

test.each<[string, Form<unknown>, unknown, string]>([
  ["a number that is none", number, Number.NaN, "value is not a number"],
  ["a text for a number", row, { name: "a", at: "1" }, "value.at is not a number"],
  ["a field that is not there", row, { at: 1 }, "value.name is not a text"],
  [
    "undefined for a field that may be absent",
    row,
    { name: "a", at: 1, more: undefined },
    "value.more is not true or false",
  ],
  ["no row", row, undefined, "value is not an object"],
  ["null for an object", row, null, "value is not an object"],
  ["a list for an object", record(number), [1], "value is not an object"],
  ["a wrong item", array(number), [1, "2"], "value[1] is not a number"],
  ["a tuple that is too long", tuple([number]), [1, 2], "value has not 1 items"],
  ["a word that is not of them", oneOf(["int", "text"]), "double", "value is not one of int, text"],
  ["a text for bytes", bytes, "a", "value is not bytes"],
  ["a text of another pattern", matching("a day", /^\d+$/), "a", "value is not a day"],
  ["neither of two", either(number, string), null, "value is not a text"],
])("refuses %s and says where", (_, form, value, message) => {
  expect(() => form.parse(value)).toThrow(new WrongForm(message));
  expect(form.safeParse(value).data).toBeUndefined();
});

test("an object's names cannot reach its prototype", () => {
  const read = record(number).parse(JSON.parse('{"__proto__": 1}'));
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(Object.hasOwn(read, "__proto__")).toBe(true);
});
