import { join } from "node:path";
import { expect, test } from "vitest";
import { type Arguments, readArguments, usage } from "./arguments.ts";
import { allParts } from "./parts/list.ts";

function read(...argv: readonly string[]): Arguments {
  const found = readArguments(argv, allParts, "/home/desk", "/home/desk/slipstream");
  if (found === "help") throw new Error("help");
  return found;
}

const names = ({ parts }: Arguments): readonly string[] => parts.map(({ name }) => name);

test("without arguments, everything starts on the usual ports with its data beneath the checkout", () => {
  const found = read();
  expect(found.command).toBe("up");
  expect(found.parts).toEqual(allParts);
  expect(found.ports).toEqual({ free: false, named: {} });
  expect(found.data).toBe(join("/home/desk/slipstream", ".slipstream", "stack"));
});

test("--only and --without choose parts", () => {
  expect(names(read("--only", "collector, redis"))).toEqual(["redis", "collector"]);
  expect(names(read("--without=simulator"))).toEqual(
    allParts.map(({ name }) => name).filter((name) => name !== "simulator"),
  );
});

test("logs and install take parts as words", () => {
  expect(names(read("logs", "redis", "jaeger", "-f"))).toEqual(["redis", "jaeger"]);
  expect(names(read("install", "redis,questdb"))).toEqual(["redis", "questdb"]);
});

test("--data is relative to where the user is", () => {
  expect(read("--data", "here").data).toBe("/home/desk/here");
});

test.each([
  [["bogus"], 'There is no command "bogus"'],
  [["stop", "redis"], "stop takes no further words"],
  [["--only", "bogus"], '--only: there is no part "bogus". The parts are redis, '],
  [["--only", ""], "--only: name a part"],
  [["--only", "redis", "--without", "redis"], "exclude each other"],
  [["--without", allParts.map(({ name }) => name).join(",")], "--without: no part is left"],
  [["--data", ""], "--data: name a folder"],
  [["--rate", "-1"], "--rate"],
  [["--rate", "fast"], "--rate"],
  [["--bogus"], "--bogus"],
])("%j is refused", (argv, message) => {
  expect(() => read(...argv)).toThrow(message);
});

test("the help names every part and every port", () => {
  const text = usage(allParts);
  for (const { name, ports } of allParts) {
    expect(text).toContain(name);
    for (const [port, usual] of Object.entries(ports)) expect(text).toContain(`${port}=${usual}`);
  }
});
