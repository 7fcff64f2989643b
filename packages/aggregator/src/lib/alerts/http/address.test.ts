import fc from "fast-check";
import { expect, test } from "vitest";
import { addressKind, isNetwork, listOf } from "./address.ts";

test.each([
  ["public", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.0", "169.253.255.255", "2606:4700:4700::1111"]],
  [
    "loopback",
    ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1"],
  ],
  [
    "private",
    [
      ...["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255"],
      ...["fc00::1", "fd12:3456::1", "::ffff:10.0.0.1", "::FFFF:A00:1", "fec0::1", "64:ff9b:1::1"],
    ],
  ],
  [
    "metadata",
    [
      ...["169.254.169.254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe"],
      ...["64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1", "fd00:ec2::254", "FD00:0EC2:0:0:0:0:0:0254"],
      ...["fd20:ce::254", "100.100.100.200", "168.63.129.16", "169.254.170.2", "192.0.0.192"],
    ],
  ],
  [
    "unusable",
    [
      ...[
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "169.254.1.1",
        "fe80::1",
        "fe80::1%eth0",
        "febf::1",
        "224.0.0.1",
        "ff02::1",
      ],
      ...["255.255.255.255", "240.0.0.1", "::7f00:1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::"],
      ...["2001:0:4136:e378:8000:63bf:3fff:fdd2", "::ffff:0:7f00:1", "::ffff:0.0.0.0"],
      ...["", "localhost", "127.1", "0177.0.0.1", "2130706433", "[::1]", "1.2.3.4.5", "1::2::3"],
    ],
  ],
] as const)("leads to %s", (kind, addresses) => {
  expect(addresses.map((address) => [address, addressKind(address)])).toEqual(
    addresses.map((address) => [address, kind]),
  );
});

test("an address through a standard translator is public if the one inside is", () => {
  expect(addressKind("64:ff9b::8.8.8.8")).toBe("public");
  expect(addressKind("2002:808:808::1")).toBe("public");
});

test("every way to write an IPv4 address inside of an IPv6 one gives the same", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      const forms = [`::ffff:${address}`, `::FFFF:${hex}`, `0:0:0:0:0:ffff:${hex}`, `::ffff:${hex}`];
      expect(new Set([address, ...forms].map(addressKind)).size).toBe(1);
    }),
  );
});

test("is not misled by any text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => {
      expect(["public", "loopback", "private", "metadata", "unusable"]).toContain(addressKind(text));
    }),
  );
});

test("a network is an address with as many bits as it may have", () => {
  const good = ["10.0.0.5", "10.0.0.0/8", "0.0.0.0/0", "fd00::/8", "::1", "::/128"];
  const bad = [
    "",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/-1",
    "fd00::/129",
    "fe80::1%1",
    "a/8",
  ];
  expect(good.filter(isNetwork)).toEqual(good);
  expect(bad.filter(isNetwork)).toEqual([]);
  expect(listOf(["10.0.0.0/8", "fd00::1"]).check("10.9.9.9", "ipv4")).toBe(true);
  expect(listOf(["10.0.0.0/8"]).check("::ffff:10.9.9.9", "ipv6")).toBe(true);
  expect(listOf(["10.0.0.0/8", "fd00::1"]).check("fd00::2", "ipv6")).toBe(false);
});
