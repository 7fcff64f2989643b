import { expect, test } from "vitest";
import { acceptsGzip, negotiate } from "./negotiate.ts";

const prometheus242 =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const prometheus3 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

test.each([
  [undefined, "prometheus"],
  ["", "prometheus"],
  ["*/*", "prometheus"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "prometheus"],
  ["application/json", "prometheus"],
  ["text/plain", "prometheus"],
  ["text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "prometheus"],
  ["application/openmetrics-text", "openmetrics"],
  ["Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8", "openmetrics"],
  ['application/openmetrics-text; version="1.0.0"', "openmetrics"],
  ["application/openmetrics-text; version=2.0.0", "prometheus"],
  ["application/openmetrics-text;q=0", "prometheus"],
  ["application/openmetrics-text;q=0,*/*", "prometheus"],
  ["application/openmetrics-text;q=0.4,text/plain;q=0.5", "prometheus"],
  ["application/openmetrics-text;q=0.5,text/plain;q=0.4", "openmetrics"],
  ["application/openmetrics-text,text/plain", "openmetrics"],
  ["text/plain,application/openmetrics-text", "prometheus"],
  ["*/*,application/openmetrics-text", "openmetrics"],
  ["application/openmetrics-text;q=nonsense", "openmetrics"],
  [",;,=;q", "prometheus"],
  [prometheus242, "openmetrics"],
  [prometheus3, "openmetrics"],
])("Accept %j is answered in %s", (accept, format) => {
  expect(negotiate(accept)).toBe(format);
});

test.each([
  [undefined, false],
  ["gzip", true],
  ["gzip, deflate, br", true],
  ["x-gzip", true],
  ["*", true],
  ["gzip;q=0", false],
  ["gzip;q=0, *", false],
  ["identity", false],
  ["gzip;q=0.5, identity;q=0.9", false],
])("Accept-Encoding %j allows gzip: %s", (header, allowed) => {
  expect(acceptsGzip(header)).toBe(allowed);
});
