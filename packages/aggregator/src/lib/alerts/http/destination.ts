import { isIP } from "node:net";
import { type AddressKind, addressKind, isNetwork, listOf } from "./address.ts";

/**
 * Private addresses that a public name may lead to: networks that the operator wrote, or any. A private name (`localhost`,
 * `alertmanager`, `hooks.internal`) may lead to any private address.
 */
export type PrivateAddresses = "any" | readonly string[];

/** Names of the services that hand out a cloud's credentials. A proxy might resolve them where this machine cannot. */
const METADATA_NAMES = /^(metadata|metadata\.google|metadata\.google\.internal|instance-data(\..*)?)$/;

/** Endings that no public name has: reserved, or in use for networks of one's own. */
const PRIVATE_ENDING =
  /\.(localhost|local|internal|lan|home|home\.arpa|intranet|corp|private|test|svc|consul)$/;

/** Why a host must not be asked, whatever it leads to; undefined: it may, if the addresses that it leads to may. */
export function hostFault(hostname: string): string | undefined {
  const host = bare(hostname);
  if (isIP(host) === 0) return METADATA_NAMES.test(host) ? FAULT.metadata : undefined;
  const kind = addressKind(host);
  // The operator wrote the address itself.
  return kind === "loopback" || kind === "private" || kind === "public" ? undefined : FAULT[kind];
}

/** Why a host must not lead to these addresses; undefined: it may. One that may not is enough: the answer is not to be trusted. */
export function addressFault(
  hostname: string,
  addresses: readonly string[],
  allowed: PrivateAddresses,
): string | undefined {
  for (const address of addresses) {
    const kind = addressKind(address);
    if (kind === "public") continue;
    if (kind === "metadata" || kind === "unusable") return FAULT[kind];
    if (!isAllowed(bare(hostname), address, allowed)) return FAULT[kind];
  }
  return undefined;
}

const FAULT: Readonly<Record<Exclude<AddressKind, "public">, string>> = {
  loopback: "it is a public name that leads to this machine",
  private: "it is a public name that leads to a private address, which the configuration does not allow",
  metadata: "it leads to the metadata service of a cloud",
  unusable: "it leads to an address that no server has (link-local, unspecified, multicast or translated)",
};

function isAllowed(host: string, address: string, allowed: PrivateAddresses): boolean {
  if (allowed === "any" || isPrivateName(host)) return true;
  return listOf(allowed.filter(isNetwork)).check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}

function isPrivateName(host: string): boolean {
  return isIP(host) !== 0 || !host.includes(".") || PRIVATE_ENDING.test(host);
}

/** A host as URL has it, without brackets and without the dot that may end a name. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}
