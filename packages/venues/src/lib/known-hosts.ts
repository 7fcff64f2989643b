import { type Host, HostSet, landingServices } from "@slipstream/conventions";
import type { VenueHosts } from "./venue.ts";

const sets = new WeakMap<VenueHosts, readonly (readonly [service: string, hosts: HostSet])[]>();

/** The landing service that a host belongs to. */
export function landingService(host: Host, hosts: VenueHosts): string | undefined {
  let known = sets.get(hosts);
  if (known === undefined) {
    known = servicesOf(hosts);
    sets.set(hosts, known);
  }
  return known.find(([, set]) => set.has(host))?.[0];
}

function servicesOf(hosts: VenueHosts): readonly (readonly [string, HostSet])[] {
  const added = new Map(Object.entries(hosts.landing ?? {}));
  return landingServices.map(({ name, hosts: own }) => {
    const more = [...(added.get(name) ?? []), ...(name === "jito" ? hosts.jito : [])];
    return [name, new HostSet([...own, ...more])] as const;
  });
}
