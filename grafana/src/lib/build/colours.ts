import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";

export const colours = {
  good: "green",
  warning: "orange",
  bad: "red",
  plain: "blue",
  /** What is unknown, and what stands beside the value itself: its interval, its count. */
  grey: "#8e8e8e",
} as const;

/** The same word has the same colour in every panel. Grafana's names of colours fit light and dark themes. */
const words: Readonly<Record<string, string>> = {
  success: "green",
  failed: "red",
  impacted: "red",
  avoided: "blue",
  clean: "green",
  unknown: colours.grey,
  provisional: "yellow",
  final: "green",
  received: "green",
  duplicate: "blue",
  late: "yellow",
  refused: "red",
  dropped: "red",
  delivered: "green",
  critical: "red",
  warning: "orange",
  info: "blue",
  P50: "light-blue",
  P95: "blue",
  P99: "orange",
  "P99.9": "purple",
};

/** Overrides that give these series their colours. Names without a colour get one of the palette. */
export function colourOverrides(
  names: readonly string[],
): readonly { readonly name: string; readonly properties: DynamicConfigValue[] }[] {
  return names.flatMap((name) => {
    const colour = words[name];
    return colour === undefined ? [] : [{ name, properties: [fixed(colour)] }];
  });
}

export function fixed(fixedColor: string): DynamicConfigValue {
  return { id: "color", value: { mode: "fixed", fixedColor } };
}
