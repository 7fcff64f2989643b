import { expect, it } from "vitest";
import { percentDecoded } from "./percent-decoded.ts";

it.each([
  ["p%40ss%20%C3%A9", "p@ss é"],
  ["100%25", "100%"],
  ["", ""],
])("undoes the percent-encoding of %j", (text, decoded) => {
  expect(percentDecoded(text)).toBe(decoded);
});

it.each(["100%", "%zz", "%ff"])("leaves %j, which is not percent-encoded, as it is", (text) => {
  expect(percentDecoded(text)).toBe(text);
});
