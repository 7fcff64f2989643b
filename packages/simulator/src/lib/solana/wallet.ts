import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { encodeBase58 } from "@slipstream/solana";
import type { Random } from "../random.ts";

/** DER encoding around the 32 bytes of an Ed25519 key (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** A key pair for the simulation. It is derived from the seed and must never hold anything of value. */
export class Wallet {
  readonly publicKey: Uint8Array;
  readonly address: string;
  readonly #key: KeyObject;

  constructor(random: Random) {
    const der = Buffer.concat([PKCS8, random.bytes(32)]);
    this.#key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.publicKey = createPublicKey(this.#key).export({ format: "der", type: "spki" }).subarray(SPKI.length);
    this.address = encodeBase58(this.publicKey);
  }

  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#key);
  }
}

export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
  return verify(null, message, key, signature);
}
