import { expect, test } from "vitest";
import { stages } from "../order.ts";
import { allParts } from "./list.ts";

const names = allParts.map(({ name }) => name);

test("names of parts and of ports, and the usual ports, are each used once", () => {
  const ports = allParts.flatMap((part) => Object.entries(part.ports));
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(ports.map(([name]) => name)).size).toBe(ports.length);
  expect(new Set(ports.map(([, port]) => port)).size).toBe(ports.length);
});

test("each part that another one starts after is in the list", () => {
  for (const { after } of allParts) expect(names).toEqual(expect.arrayContaining([...after]));
});

test("the desk ends first, then the Collector, then the aggregator, then the stores", () => {
  const ends = stages(allParts).flat().reverse();
  const place = (name: string): number => ends.findIndex((part) => part.name === name);
  expect(place("simulator")).toBeLessThan(place("collector"));
  expect(place("collector")).toBeLessThan(place("aggregator"));
  for (const store of ["redis", "questdb", "jaeger", "prometheus"]) {
    expect(place("collector")).toBeLessThan(place(store));
  }
  for (const store of ["redis", "questdb", "alertmanager"]) {
    expect(place("aggregator")).toBeLessThan(place(store));
  }
});

const ports = Object.fromEntries(allParts.flatMap((part) => Object.entries(part.ports)));
const setting = {
  repository: "/repository",
  data: "/data",
  ports,
  parts: names,
  tokenFile: "/data/token",
  env: {},
  simulator: [],
};

test("every address is on loopback, and no command line holds a login", () => {
  for (const part of allParts) {
    for (const { url } of part.addresses(setting)) expect(new URL(url).hostname).toBe("127.0.0.1");
    const { args } = part.command(setting);
    expect(args.join(" ")).not.toMatch(/token|password|:\/\/\w+:/i);
  }
});
