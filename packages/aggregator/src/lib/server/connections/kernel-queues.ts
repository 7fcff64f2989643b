import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

/**
 * Bytes that the kernel has taken for a connection and that the other side has not: what Node cannot see. A steady
 * reader's number changes although Node has nothing to write for a long time, because the kernel takes more only when a
 * good part of its queue is free.
 */
export type KernelQueues = (socket: Socket) => number | undefined;

const FILES = ["/proc/net/tcp", "/proc/net/tcp6"];

/** Reads the queues of all connections of this machine at this moment. On systems without them, none is known. */
export function readKernelQueues(): KernelQueues {
  const bytes = new Map<string, number>();
  for (const file of FILES) {
    for (const line of lines(file)) {
      const [, local = "", remote = "", , queues = ""] = line.trim().split(/\s+/);
      bytes.set(`${portOf(local)} ${remote}`, Number.parseInt(queues, 16));
    }
  }
  return ({ localPort, remoteAddress, remotePort }) => {
    if (localPort === undefined || remoteAddress === undefined || remotePort === undefined) return undefined;
    return bytes.get(`${localPort} ${hexAddress(remoteAddress)}:${hex(remotePort, 4)}`);
  };
}

function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, "latin1").split("\n").slice(1);
  } catch {
    return [];
  }
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);
}

/** An address as the kernel prints it: words of 32 bits, each in the machine's byte order (little endian). */
export function hexAddress(address: string): string {
  const bytes = address.includes(":") ? bytesOfIPv6(address) : address.split(".").map(Number);
  let text = "";
  for (let word = 0; word < bytes.length; word += 4) {
    text += bytes
      .slice(word, word + 4)
      .toReversed()
      .map((byte) => hex(byte, 2))
      .join("");
  }
  return text;
}

function bytesOfIPv6(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(2).map(Number);
    return bytesOfIPv6(`${dotted[1]}${hex(a * 256 + b, 4)}:${hex(c * 256 + d, 4)}`);
  }
  const [head = "", tail] = address.replace(/%.*/, "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...before, ...Array(8 - before.length - after.length).fill("0"), ...after];
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}
