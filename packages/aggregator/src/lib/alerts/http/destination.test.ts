import { expect, test } from "vitest";
import { addressFault, hostFault } from "./destination.ts";

const hostOf = (url: string): string => new URL(url).hostname;

test.each([
  "http://127.0.0.1:9093/",
  "http://[::1]/",
  "http://10.0.0.5/",
  "http://100.64.0.7/",
  "http://2130706433/",
  "http://hooks.slack.com/",
  "http://alertmanager:9093/",
])("an address that the operator wrote may be asked: %s", (url) => {
  expect(hostFault(hostOf(url))).toBeUndefined();
});

test.each([
  "http://169.254.169.254/latest/meta-data/",
  "http://2852039166/",
  "http://0251.0376.0251.0376/",
  "http://0xA9.0xFE.0xA9.0xFE/",
  "http://169.16689662/",
  "http://[::ffff:169.254.169.254]/",
  "http://[64:ff9b::a9fe:a9fe]/",
  "http://[fd00:ec2::254]/",
  "http://169.254.1.1/",
  "http://[fe80::1]/",
  "http://0.0.0.0/",
  "http://0/",
  "http://[::]/",
  "http://metadata.google.internal/",
  "http://METADATA.google.internal./",
  "http://metadata/",
  "http://instance-data.ec2.internal/",
])("a service of credentials, or no server at all, is never asked: %s", (url) => {
  expect(hostFault(hostOf(url))).toBeTypeOf("string");
});

test("a public name must not lead to a private address, unless the operator allows it", () => {
  for (const address of ["10.0.0.5", "127.0.0.1", "::1", "fd00::5", "::ffff:10.0.0.5", "100.64.1.1"]) {
    expect(addressFault("hooks.desk.example", [address], [])).toBeTypeOf("string");
    expect(addressFault("hooks.desk.example.", ["1.1.1.1", address], [])).toBeTypeOf("string");
    expect(addressFault("hooks.desk.example", [address], ["192.168.0.0/16"])).toBeTypeOf("string");
    expect(addressFault("hooks.desk.example", [address], "any")).toBeUndefined();
  }
  expect(addressFault("hooks.desk.example", ["10.0.0.5", "1.1.1.1"], ["10.0.0.0/24"])).toBeUndefined();
  expect(addressFault("hooks.desk.example", ["::ffff:10.0.0.5"], ["10.0.0.0/24"])).toBeUndefined();
  expect(addressFault("hooks.desk.example", ["1.1.1.1", "2606:4700::1"], [])).toBeUndefined();
});

test("a private name may lead to a private address", () => {
  for (const name of ["localhost", "alertmanager", "am.svc.cluster.local", "hooks.internal", "nas.home.arpa"])
    expect(addressFault(name, ["127.0.0.1", "::1", "10.1.1.1"], [])).toBeUndefined();
});

test("no name may lead to a service of credentials, or to no server", () => {
  for (const address of [
    "169.254.169.254",
    "::ffff:a9fe:a9fe",
    "fd00:ec2::254",
    "0.0.0.0",
    "fe80::1",
    "",
    "x",
  ])
    for (const name of ["localhost", "hooks.internal", "hooks.desk.example"])
      expect(addressFault(name, ["1.1.1.1", address], "any")).toBeTypeOf("string");
});
