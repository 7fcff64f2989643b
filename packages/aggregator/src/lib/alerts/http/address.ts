import { BlockList, isIP, isIPv4 } from "node:net";

/**
 * Where an address leads:
 * - `loopback`: this machine
 * - `private`: a network of the operator's own, or of a provider (RFC 1918, unique local, carrier-grade NAT)
 * - `metadata`: the service of a cloud that hands out credentials
 * - `unusable`: link-local, multicast, unspecified, or a translation of one address that hides another
 */
export type AddressKind = "public" | "loopback" | "private" | "metadata" | "unusable";

/**
 * Tells where an address leads. Of an address that carries another one (IPv4-mapped, NAT64, 6to4), the one that is
 * carried counts.
 *
 * @param address as a resolver answers it, without brackets. Anything else than an address is `unusable`.
 */
export function addressKind(address: string): AddressKind {
  if (isIPv4(address)) return kindOf(address, "ipv4");
  // A zone names an interface of this machine.
  const groups = groupsOf(address.replace(/%.*$/, ""));
  if (groups === undefined) return "unusable";
  const carried = carriedBy(groups);
  if (carried === undefined) return kindOf(groups.map((group) => group.toString(16)).join(":"), "ipv6");
  const kind = addressKind(carried.address);
  // Nobody needs a translator to reach a network of their own.
  return carried.isTranslated && kind !== "public" && kind !== "metadata" ? "unusable" : kind;
}

/** Networks by kind, in the order in which they are looked up: IANA's registries of special addresses, and what clouds document. */
const networks: readonly (readonly [AddressKind, BlockList])[] = [
  [
    "metadata",
    listOf([
      // AWS, GCP, Azure, DigitalOcean, Oracle and most others; ECS and EKS beside it.
      ...["169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32"],
      // Alibaba, Oracle (old), Azure's host.
      ...["100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32"],
      // AWS, EKS, GCP.
      ...["fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128"],
    ]),
  ],
  ["loopback", listOf(["127.0.0.0/8", "::1/128"])],
  [
    "unusable",
    listOf([
      ...["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "192.88.99.0/24"],
      // Unspecified and compatible, discard, Teredo, link-local, multicast.
      ...["::/96", "100::/64", "2001::/32", "fe80::/10", "ff00::/8"],
    ]),
  ],
  [
    "private",
    listOf([
      ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15"],
      // Documentation.
      ...["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"],
      ...["fc00::/7", "fec0::/10", "64:ff9b:1::/48", "5f00::/16"],
    ]),
  ],
];

function kindOf(address: string, family: "ipv4" | "ipv6"): AddressKind {
  return networks.find(([, list]) => list.check(address, family))?.[0] ?? "public";
}

/** A list of networks such as `10.0.0.0/8`. A bare address is a network of one. */
export function listOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = "", bits] = text.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    list.addSubnet(address, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  }
  return list;
}

/** Whether a text is an address, or a network such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || address.includes("%") || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** The address inside of an IPv4-mapped, NAT64 or 6to4 address. */
function carriedBy(
  groups: readonly number[],
): { readonly address: string; readonly isTranslated: boolean } | undefined {
  const starts = (...prefix: readonly number[]): boolean => prefix.every((group, at) => groups[at] === group);
  if (starts(0, 0, 0, 0, 0, 0xffff)) return { address: v4(groups, 6), isTranslated: false };
  // RFC 2765's form of the same.
  if (starts(0, 0, 0, 0, 0xffff, 0)) return { address: v4(groups, 6), isTranslated: true };
  if (starts(0x64, 0xff9b, 0, 0, 0, 0)) return { address: v4(groups, 6), isTranslated: true };
  if (starts(0x2002)) return { address: v4(groups, 1), isTranslated: true };
  return undefined;
}

function v4(groups: readonly number[], at: number): string {
  const [high = 0, low = 0] = groups.slice(at, at + 2);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] | undefined {
  if (isIP(address) !== 6) return undefined;
  // The URL parser writes every form in the same way, without dots.
  const normal = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = normal.split("::");
  const parsed = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return parsed(head);
  const [first, last] = [parsed(head), parsed(tail)];
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}
