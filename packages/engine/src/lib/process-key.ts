import type { Resource } from "@slipstream/otlp/decode";
import { shortLength, shortName } from "./attributes.ts";

/** A process instance in one string, for tables. The length keeps two different pairs from being one string. */
export function processKey({ service, instance }: Resource): string {
  return `${service.length}:${shortName(service)}${shortName(instance)}`;
}

/** The process of a key that `processKey` made, its names as short as they are in there. */
export function processOf(key: string): Pick<Resource, "service" | "instance"> {
  const from = key.indexOf(":") + 1;
  const to = from + shortLength(Number(key.slice(0, from - 1)));
  return { service: key.slice(from, to), instance: key.slice(to) };
}
