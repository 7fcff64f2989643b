/** The formats of `/metrics`. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** One member of an Accept or Accept-Encoding header. */
interface Preference {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const openMetricsVersions = ["0.0.1", "1.0.0"];

/**
 * The format that a client asks for: OpenMetrics if it is named and preferred at least as much as the Prometheus text.
 * Otherwise that text, even for a client that accepts neither: an answer is better than a 406.
 * Source: RFC 9110, 12.5.1. A more specific range counts before a wider one.
 */
export function negotiate(accept: string | undefined): ExpositionFormat {
  const preferences = parsePreferences(accept);
  const openMetrics = quality(
    preferences,
    ["application/openmetrics-text", "application/*"],
    servesOpenMetrics,
  );
  const prometheus = quality(preferences, ["text/plain", "text/*", "*/*"], servesPrometheus);
  if (openMetrics.quality <= 0 || openMetrics.quality < prometheus.quality) return "prometheus";
  if (openMetrics.quality > prometheus.quality || prometheus.specificity > 0) return "openmetrics";
  return openMetrics.order < prometheus.order ? "openmetrics" : "prometheus";
}

/** Whether the client takes gzip, by its Accept-Encoding header (RFC 9110, 12.5.3). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const preferences = parsePreferences(acceptEncoding);
  const find = (...names: string[]) => preferences.find(({ name }) => names.includes(name))?.quality;
  const gzip = find("gzip", "x-gzip") ?? find("*") ?? 0;
  return gzip > 0 && gzip >= (find("identity") ?? 0);
}

function servesOpenMetrics({ parameters }: Preference): boolean {
  return openMetricsVersions.includes(parameters.get("version") ?? "1.0.0");
}

function servesPrometheus({ parameters }: Preference): boolean {
  return (parameters.get("version") ?? "0.0.4") === "0.0.4";
}

interface Match {
  readonly quality: number;
  /** 0: named exactly; higher: by a wider range. */
  readonly specificity: number;
  readonly order: number;
}

/** The best quality for the most specific of `ranges` that the client names; quality -1 if it names none. */
function quality(
  preferences: readonly Preference[],
  ranges: readonly string[],
  serves: (preference: Preference) => boolean,
): Match {
  for (const [specificity, range] of ranges.entries()) {
    let best: Match | undefined;
    for (const [order, preference] of preferences.entries()) {
      if (preference.name !== range || !serves(preference)) continue;
      if (best === undefined || preference.quality > best.quality) {
        best = { quality: preference.quality, specificity, order };
      }
    }
    if (best !== undefined) return best;
  }
  return { quality: -1, specificity: ranges.length, order: preferences.length };
}

function parsePreferences(header = ""): readonly Preference[] {
  return header
    .toLowerCase()
    .split(",")
    .map((member) => {
      const [name = "", ...rest] = member.split(";").map((part) => part.trim());
      const parameters = new Map(
        rest.map((part) => {
          const [key = "", value = ""] = part.split("=").map((side) => side.trim().replace(/^"|"$/g, ""));
          return [key, value] as const;
        }),
      );
      return { name, parameters, quality: parseQuality(parameters.get("q")) };
    })
    .filter(({ name }) => name !== "");
}

/** A malformed quality counts as 1, like a missing one. */
function parseQuality(text: string | undefined): number {
  const value = text === undefined || text === "" ? 1 : Number(text);
  return Number.isNaN(value) ? 1 : Math.min(1, Math.max(0, value));
}
