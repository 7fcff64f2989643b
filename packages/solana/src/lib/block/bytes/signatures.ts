/** At most so many slots are in use. */
const fullest = 0.5;

/**
 * The signatures of a block, to notice one that is there twice. Keeps 64 bits of each: a set of texts takes several times as long. Two
 * signatures may be taken for one by chance, so ask the texts themselves then.
 */
export class Signatures {
  #slots: Int32Array = new Int32Array(2 * 2 ** 13);
  count = 0;

  /** @returns false if it may have been added before */
  add(signature: string): boolean {
    if (2 * (this.count + 1) > fullest * this.#slots.length) this.#grow();
    const isNew = this.#put(hash(signature, 0), hash(signature, 1) | 1);
    if (isNew) this.count++;
    return isNew;
  }

  /** @param second never 0 */
  #put(first: number, second: number): boolean {
    const slots = this.#slots;
    const last = slots.length / 2 - 1;
    for (let slot = first & last; ; slot = (slot + 1) & last) {
      const known = slots[2 * slot + 1] ?? 0;
      if (known === 0) {
        slots[2 * slot] = first;
        slots[2 * slot + 1] = second;
        return true;
      }
      if (known === second && slots[2 * slot] === first) return false;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) {
      const second = old[at + 1] ?? 0;
      if (second !== 0) this.#put(old[at] ?? 0, second);
    }
  }
}

/** Every other character, beginning with this one. */
function hash(text: string, from: number): number {
  let value = text.length;
  for (let at = from; at < text.length; at += 2) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value ^ (value >>> 15);
}
