import type { Attributes } from "@opentelemetry/api";
import { semconv, withoutSecrets } from "@slipstream/conventions";
import { withoutUrlSecrets } from "../../redact.ts";

/** Methods that OpenTelemetry's conventions know. */
const METHODS: ReadonlySet<string> = new Set(
  "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY".split(" "),
);
const OTHER = "_OTHER";
/** What may be a key in a path. */
const LONG_SEGMENT = /[\w~:-]{16,}/g;

/** The server of a URL. */
export function serverAttributes({ hostname, port, protocol }: URL): Attributes {
  return {
    [semconv.serverAddress]: hostname,
    [semconv.serverPort]: port === "" ? (/^(?:https|wss):$/.test(protocol) ? 443 : 80) : Number(port),
  };
}

/**
 * Name and attributes of the client span of a request, by OpenTelemetry's conventions for HTTP. No query is recorded, and no secret that the
 * table knows; of a venue, whose keys may stand in the path, no long part of it either.
 */
export function httpAttributes(
  method: string,
  url: URL,
  isVenue: boolean,
): { readonly name: string; readonly attributes: Attributes } {
  const isKnown = METHODS.has(method);
  const attributes = serverAttributes(url);
  attributes[semconv.httpMethod] = isKnown ? method : OTHER;
  if (!isKnown) attributes["http.request.method_original"] = withoutSecrets(method.slice(0, 64));
  const shown = withoutSecrets(withoutUrlSecrets(url.href), semconv.urlFull);
  attributes[semconv.urlFull] = isVenue ? withoutKeys(shown, url) : shown;
  return { name: isKnown ? method : "HTTP", attributes };
}

function withoutKeys(shown: string, { origin }: URL): string {
  const path = shown.startsWith(origin) ? shown.slice(origin.length) : "";
  const isKey = (segment: string): boolean => segment.length >= 24 || /\d/.test(segment);
  return origin + path.replaceAll(LONG_SEGMENT, (part) => (isKey(part) ? "*".repeat(part.length) : part));
}
