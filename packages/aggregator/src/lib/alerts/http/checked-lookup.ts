import type { LookupAddress, LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { addressFault, type PrivateAddresses } from "./destination.ts";
import { NotAsked } from "./reason.ts";

/** A lookup that fails if one of the addresses must not be connected to. */
export function checkedLookup(lookup: LookupFunction, allowed: PrivateAddresses): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    lookup(hostname, options, (error, address, family) => {
      if (error !== null) return callback(error, address, family);
      const fault = addressFault(hostname, addressesOf(address), allowed);
      callback(fault === undefined ? null : new NotAsked(fault), address, family);
    });
  };
}

/** What can be looked up here of a name that a proxy looks up by itself. Nothing, if it cannot be. */
export function lookedUp(lookup: LookupFunction, hostname: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    lookup(hostname, { all: true }, (error, address) => resolve(error === null ? addressesOf(address) : []));
  });
}

function addressesOf(found: string | readonly LookupAddress[]): readonly string[] {
  return typeof found === "string" ? [found] : found.map(({ address }) => address);
}
