/*
 * A Bloom filter of texts: it says of a text that it is not in the block, or that it may be. With 14 bits for each text and
 * seven probes, about one in a thousand that are not there may be.
 */

const BITS_PER_TEXT = 14;
const PROBES = 7;

const FNV_OFFSET = 0x81_1c_9d_c5;
const FNV_PRIME = 0x01_00_01_93;

/** The hash of a text: FNV-1a of its UTF-16 code units, 32 bits. */
export function hashOf(text: string): number {
  let hash = FilterKeys.BEGIN;
  for (let i = 0; i < text.length; i += 1) hash = FilterKeys.step(hash, text.charCodeAt(i));
  return hash;
}

/** Collects hashes of texts and makes a filter of them. */
export class FilterKeys {
  static readonly BEGIN: number = FNV_OFFSET | 0;
  #hashes: Int32Array = new Int32Array(256);
  #size = 0;

  /** The hash of a text with one more code unit. */
  static step(hash: number, code: number): number {
    return Math.imul(hash ^ code, FNV_PRIME);
  }

  add(hash: number): void {
    if (this.#size === this.#hashes.length) {
      const larger = new Int32Array(2 * this.#size);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#size] = hash;
    this.#size += 1;
  }

  /** The filter of what was added, which is then forgotten. */
  take(): Uint8Array<ArrayBuffer> {
    const filter = new Uint8Array(Math.ceil((this.#size * BITS_PER_TEXT) / 8));
    const bits = 8 * filter.length;
    for (let i = 0; i < this.#size; i += 1) {
      let probe = mix(this.#hashes[i] as number);
      const step = stepOf(probe);
      for (let n = 0; n < PROBES; n += 1) {
        const bit = probe % bits;
        filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
        probe = (probe + step) >>> 0;
      }
    }
    this.#size = 0;
    return filter;
  }
}

/**
 * false: the text with this hash is not among those that the filter was made of.
 *
 * @param from where the filter begins in the bytes; `to` where it ends
 */
export function mayHave(filter: Uint8Array, hash: number, from = 0, to: number = filter.length): boolean {
  const bits = 8 * (to - from);
  if (bits === 0) return false;
  let probe = mix(hash);
  const step = stepOf(probe);
  for (let n = 0; n < PROBES; n += 1) {
    const bit = probe % bits;
    if (((filter[from + (bit >>> 3)] as number) & (1 << (bit & 7))) === 0) return false;
    probe = (probe + step) >>> 0;
  }
  return true;
}

/** FNV's low bits depend on the last characters alone. */
function mix(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2_b2_ae_35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function stepOf(probe: number): number {
  return (Math.imul(probe, 0x9e_37_79_b1) >>> 0) | 1;
}
