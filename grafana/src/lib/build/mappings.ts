import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { colours } from "./colours.ts";

/** What the numbers of a state mean. */
function words(options: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(options).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  };
}

export const breakerStates: readonly ValueMapping[] = [
  words({ 0: ["closed", colours.good], 1: ["open", colours.bad], 2: ["half-open", colours.warning] }),
];

export const upStates: readonly ValueMapping[] = [
  words({ 0: ["down", colours.bad], 1: ["up", colours.good] }),
];

export const firingStates: readonly ValueMapping[] = [
  words({ 0: ["quiet", colours.good], 1: ["firing", colours.bad] }),
];

export const watchedStates: readonly ValueMapping[] = [
  words({ 0: ["no chain: no verdicts", colours.bad], 1: ["watched", colours.good] }),
];

export const writerStates: readonly ValueMapping[] = [
  words({ 0: ["another aggregator writes", colours.warning], 1: ["this one writes", colours.good] }),
];
