import { type Host, semconv } from "@slipstream/conventions";
import type { Attributes } from "@slipstream/otlp/decode";
import { text } from "./attributes.ts";

/** Where an HTTP client span went. */
export interface Target extends Host {
  readonly path: string;
}

const URL_PARTS = /^[a-z][a-z\d+.-]*:\/\/(?:[^/@?#]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?([^?#]*)/i;

/** The server, port and path that a client span names, by attributes of their own or else out of its URL. */
export function targetOf(attributes: Attributes): Target {
  const address = text(attributes[semconv.serverAddress]) ?? text(attributes[semconv.serverAddressOld]);
  const fullUrl = text(attributes[semconv.urlFull]) ?? text(attributes[semconv.urlFullOld]);
  const url = fullUrl === undefined ? null : URL_PARTS.exec(fullUrl);
  const port = attributes[semconv.serverPort] ?? attributes[semconv.serverPortOld] ?? url?.[2] ?? "";
  return {
    host: (address ?? url?.[1] ?? "").toLowerCase(),
    port: String(port),
    path: text(attributes[semconv.urlPath]) ?? url?.[3] ?? "",
  };
}
