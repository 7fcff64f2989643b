import { createServer } from "node:http";
import { listening } from "@slipstream/testing/listening";
import { expect, test } from "vitest";
import type { Part } from "./parts/part.ts";
import { checkPorts, planPorts, readPortWishes, usualPorts } from "./ports.ts";
import { smallPart } from "./testing/small-part.ts";

const desk: Part = { ...smallPart("desk"), ports: { rpc: 8899, jupiter: 8898 } };
const store: Part = { ...smallPart("store"), ports: { store: 9000 } };
const parts = [desk, store];

test("without a wish, every port is the usual one", async () => {
  expect(await planPorts(parts, usualPorts)).toEqual({ rpc: 8899, jupiter: 8898, store: 9000 });
});

test("a named port is that one, and the others stay", async () => {
  const wishes = readPortWishes("store=9100, rpc=7000", parts);
  expect(await planPorts(parts, wishes)).toEqual({ rpc: 7000, jupiter: 8898, store: 9100 });
});

test("free ports are all different, and named ones stay", async () => {
  const plan = await planPorts(parts, readPortWishes("free,store=9100", parts));
  expect(plan.store).toBe(9100);
  expect(new Set(Object.values(plan)).size).toBe(3);
  expect(Object.values(plan)).not.toContain(8899);
});

test.each([
  "bogus",
  "bogus=1",
  "store",
  "store=",
  "store=0",
  "store=65536",
  "store=1e3",
  "store=1=2",
  "store=1,store=2",
  "",
])("the wish %j is an error that names the flag", (text) => {
  expect(() => readPortWishes(text, parts)).toThrow("--ports");
});

test("two names with the same port are an error that names both", async () => {
  await expect(planPorts(parts, readPortWishes("store=8898", parts))).rejects.toThrow(
    "store and jupiter have the same port 8898",
  );
});

test("ports in use are all named, with the parts that need them and how to choose others", async () => {
  const [rpc, other] = [await listening(createServer()), await listening(createServer())];
  const plan = await planPorts(parts, { free: true, named: { rpc, store: other } });
  const error = await checkPorts(parts, plan).catch(String);
  expect(error).toContain(`Port ${rpc}, which desk needs, is in use`);
  expect(error).toContain(`Port ${other}, which store needs, is in use`);
  expect(error).toContain("--ports rpc=");
  expect(error).toContain("--ports free");
});

test("a port of a part that does not run may be in use", async () => {
  const rpc = await listening(createServer());
  const plan = await planPorts(parts, { free: true, named: { rpc } });
  await expect(checkPorts([store], plan)).resolves.toBeUndefined();
});
