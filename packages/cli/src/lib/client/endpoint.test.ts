import { expect, it } from "vitest";
import { endpointOf } from "./endpoint.ts";

it.each([
  [{ host: "127.0.0.1" }, "http://127.0.0.1:9480"],
  [{ host: "::1" }, "http://[::1]:9480"],
  [{ host: "::1", endpoint: "https://desk/x" }, "https://desk/x"],
])("the aggregator of %j is asked at %s", (given, address) => {
  const config = { endpoint: undefined, port: 9480, ...given };
  expect(endpointOf(config)).toBe(address);
});
