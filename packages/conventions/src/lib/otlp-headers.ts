import { percentDecoded } from "./percent-decoded.ts";

/**
 * Headers as `OTEL_EXPORTER_OTLP_HEADERS` has them: `name=value,name=value`, values percent-encoded. What is no pair is left out.
 *
 * @returns names in lower case
 */
export function otlpHeaders(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = (text ?? "").split(",").flatMap((pair): [string, string][] => {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    return at < 0 || name === "" ? [] : [[name.toLowerCase(), percentDecoded(pair.slice(at + 1).trim())]];
  });
  return Object.fromEntries(pairs);
}
