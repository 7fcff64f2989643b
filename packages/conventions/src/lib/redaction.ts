import { semconv } from "./semconv.ts";

/** Attributes that hold URLs: their query, fragment and user part may carry API keys, which are never recorded. */
export const urlAttributes: ReadonlySet<string> = new Set([
  semconv.urlFull,
  semconv.urlFullOld,
  semconv.urlPath,
]);
