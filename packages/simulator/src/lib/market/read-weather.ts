import { optionError } from "../option-error.ts";
import { CalmWeather, type Conditions, type Part, type Weather, weathers } from "./weather.ts";

/** The demo's, which changes by itself; the others are constant. */
const CHANGING = "changing";

/** What can be written for a weather. */
export const weatherNames: readonly string[] = [CHANGING, ...Object.keys(weathers)];

interface Phase {
  readonly weather: Weather;
  /** In the time of the phases. Infinity: for good. */
  readonly endMs: number;
}

const PHASE = /^([a-z-]+)(?::(\d+(?:\.\d+)?))?$/;

/**
 * Reads a weather: a name, or phases with their seconds in order, such as `calm:60,storm:30,calm`. The last one goes on if it has no
 * seconds; otherwise the phases begin again.
 *
 * @throws SlipstreamError (`invalid_option`)
 */
export function readWeather(text: string, seed: number): Weather {
  const changing = new CalmWeather(seed);
  const phases: Phase[] = [];
  const parts = text.split(",");
  for (const [at, part] of parts.entries()) {
    const [, name = "", seconds] = PHASE.exec(part.trim()) ?? [];
    const constant = Object.entries(weathers).find(([known]) => known === name)?.[1];
    if (name !== CHANGING && constant === undefined) throw wrong(text, part);
    const isLast = at === parts.length - 1;
    if (seconds === undefined && !isLast) throw wrong(text, `${part} (only the last one may go on)`);
    const lengthMs = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
    if (lengthMs === 0) throw wrong(text, part);
    phases.push({
      weather: constant === undefined ? changing : { at: (which) => constant[which] },
      endMs: (phases.at(-1)?.endMs ?? 0) + lengthMs,
    });
  }
  const cycleMs = phases.at(-1)?.endMs ?? Number.POSITIVE_INFINITY;
  return { at: (part, timeMs) => conditionsAt(phases, cycleMs, part, timeMs) };
}

function conditionsAt(phases: readonly Phase[], cycleMs: number, part: Part, timeMs: number): Conditions {
  const phaseMs = cycleMs === Number.POSITIVE_INFINITY ? timeMs : timeMs % cycleMs;
  const phase = phases.find(({ endMs }) => phaseMs < endMs);
  return phase === undefined ? weathers.calm[part] : phase.weather.at(part, timeMs);
}

function wrong(text: string, part: string): Error {
  return optionError(
    "weather",
    `must be one of ${weatherNames.join(", ")}, or phases such as calm:60,storm:30,calm, but is ${JSON.stringify(text)} ` +
      `(${part.trim() === "" ? "a part is empty" : part.trim()})`,
  );
}
