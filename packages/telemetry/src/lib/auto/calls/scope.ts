import { AsyncLocalStorage } from "node:async_hooks";
import type { VenueCall } from "@slipstream/venues";

/** The async context in which a trade was begun: what is called in it later may belong to the same trade. */
const scopes = new AsyncLocalStorage<object>();

/** The scope that a call is made in. A call that may begin a trade begins one, if there is none. */
export function scopeOf(call: VenueCall): object | undefined {
  const known = scopes.getStore();
  if (known !== undefined || !mayBegin(call)) return known;
  const scope = {};
  scopes.enterWith(scope);
  return scope;
}

function mayBegin(call: VenueCall): boolean {
  switch (call.kind) {
    case "jupiter":
      return call.operation !== "price";
    case "rpc":
      return call.method === "sendTransaction";
    case "landing":
      return call.sent.length > 0;
  }
}
