import { expect, test } from "vitest";
import { readWeather, weatherNames } from "./read-weather.ts";
import { type Conditions, usual, weathers } from "./weather.ts";

const node = (text: string, seconds: number): Conditions => readWeather(text, 1).at("node", seconds * 1000);

test("a name is a weather that lasts", () => {
  for (const seconds of [0, 3600]) {
    expect(node("storm", seconds)).toBe(weathers.storm.node);
    expect(node("slow-jupiter", seconds)).toBe(usual);
  }
  for (const name of weatherNames) expect(() => readWeather(name, 1)).not.toThrow();
});

test("phases follow each other, and the last one lasts or the first one comes again", () => {
  const at = (text: string) => [0, 9.9, 10, 14.9, 15, 25, 40].map((seconds) => node(text, seconds));
  const { calm, storm } = weathers;
  const [c, s] = [calm.node, storm.node];
  expect(at("calm:10, storm:5,calm")).toEqual([c, c, s, s, c, c, c]);
  expect(at("calm:10,storm:5")).toEqual([c, c, s, s, c, s, s]);
});

test("the weather of the demo changes by itself", () => {
  const weather = readWeather("changing", 1);
  const seen = Array.from({ length: 120 }, (_, second) => weather.at("node", second * 1000).latencyFactor);
  expect(new Set(seen).size).toBeGreaterThan(1);
});

test.each(["", "sunny", "calm,storm", "calm:0", "calm:-1,storm", "calm:10,,storm", "calm:ten"])(
  "%j is refused, with what is allowed",
  (text) => {
    expect(() => readWeather(text, 1)).toThrow(/^weather: must be one of changing, calm, /);
  },
);
