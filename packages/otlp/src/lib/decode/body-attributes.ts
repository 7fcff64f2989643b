import { type AttributeReader, defineGetters, plainAttributes } from "./attribute-getters.ts";
import { coerce, isOwn, type KeptAttribute } from "./attributes.ts";
import { numberOf } from "./json/numbers.ts";
import type { Attributes, AttributeValue } from "./model.ts";
import { type TextCache, textOf } from "./text.ts";
import { DIGITS, DOUBLE, OTHER, SMALL_INT, TEXT, type ValueForm } from "./value-forms.ts";

/** An entry: index of the attribute | form << 8 | length of a text << 16, then its place in the body or its value. */
const ENTRY_WORDS = 2;
const FORM_SHIFT = 8;
const LENGTH_SHIFT = 16;
const BYTE = 0xff;

/** Bytes of a body for each word that room is made for at first: about what spans need. */
const BYTES_PER_WORD = 16;
/** Texts read last that are at hand for whoever asks again: a trade's ids are read by several. A power of two. */
const RECENT = 8;
const LEAST_WORDS = 64;

/**
 * The kept attributes of all spans of one body: not their values but where they stand in it, as two 32-bit words each in
 * one array. Most are never asked for; those that are, are read then. So whoever keeps a span keeps the body it
 * came in; what must last is to be copied out of it.
 */
export class BodyAttributes {
  readonly #body: Buffer;
  readonly #view: DataView;
  readonly #texts: TextCache;
  readonly #others: (AttributeValue | undefined)[] = [];
  // Texts that do not repeat, by where they stand in the body, modulo RECENT; and where that is.
  readonly #recent: string[] = [];
  readonly #recentPlaces: number[] = [];
  #words: Int32Array;
  #used = 0;
  // The span that is being read: its first entry, and a bit for each attribute, modulo 64, that it has.
  #first = 0;
  #low = 0;
  #high = 0;
  // Whether it has an attribute twice, as far as those bits tell.
  #repeats = false;

  /** @param texts for those that repeat */
  constructor(body: Buffer, view: DataView, texts: TextCache) {
    this.#body = body;
    this.#view = view;
    this.#texts = texts;
    this.#words = new Int32Array(LEAST_WORDS + Math.floor(body.length / BYTES_PER_WORD));
  }

  /** Adds an attribute to the span that is being read: where it stands or, as a small integer, what it is. */
  add({ index }: KeptAttribute, form: ValueForm, place: number, length: number): void {
    const at = this.#used;
    if (at + ENTRY_WORDS > this.#words.length) this.#grow();
    this.#words[at] = index | (form << FORM_SHIFT) | (length << LENGTH_SHIFT);
    this.#words[at + 1] = place;
    this.#used = at + ENTRY_WORDS;
    // Shifts take their count modulo 32.
    const bit = 1 << index;
    if (index & 32) {
      this.#repeats ||= (this.#high & bit) !== 0;
      this.#high |= bit;
    } else {
      this.#repeats ||= (this.#low & bit) !== 0;
      this.#low |= bit;
    }
  }

  /** The same with a value that has been read. */
  addRead(kept: KeptAttribute, value: AttributeValue | undefined): void {
    this.add(kept, OTHER, this.#others.length, 0);
    this.#others.push(value);
  }

  /** Ends the span that is being read. */
  endSpan(): Attributes {
    const bits = { low: this.#low, high: this.#high };
    const attributes = new SpanAttributes(this, this.#first, this.#used, bits, this.#repeats);
    this.#first = this.#used;
    this.forgetSpan();
    return attributes as object as Attributes;
  }

  /** Forgets the attributes of the span that is being read. */
  forgetSpan(): void {
    this.#used = this.#first;
    this.#low = 0;
    this.#high = 0;
    this.#repeats = false;
  }

  /** The attribute among a span's entries: the last one whose value is known. */
  find(kept: KeptAttribute, first: number, end: number): AttributeValue | undefined {
    const words = this.#words;
    for (let at = end - ENTRY_WORDS; at >= first; at -= ENTRY_WORDS) {
      const word = words[at] as number;
      if ((word & BYTE) !== kept.index) continue;
      const value = this.#read(kept, word, words[at + 1] as number);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** The same if an attribute may be there twice. One of Slipstream's own is null if its values differ. */
  findAmong(kept: KeptAttribute, first: number, end: number): AttributeValue | undefined {
    const last = this.find(kept, first, end);
    if (!isOwn(kept)) return last;
    const words = this.#words;
    for (let at = first; at < end; at += ENTRY_WORDS) {
      const word = words[at] as number;
      if ((word & BYTE) !== kept.index) continue;
      if (!Object.is(this.#read(kept, word, words[at + 1] as number), last)) return null;
    }
    return last;
  }

  #read(kept: KeptAttribute, word: number, place: number): AttributeValue | undefined {
    switch ((word >>> FORM_SHIFT) & BYTE) {
      case TEXT:
        return coerce(kept, this.#text(kept, place, word >>> LENGTH_SHIFT));
      case DOUBLE:
        return coerce(kept, this.#view.getFloat64(place, true));
      case DIGITS:
        return coerce(kept, numberOf(this.#body, place, word >>> LENGTH_SHIFT));
      case SMALL_INT:
        return coerce(kept, place);
      default:
        return this.#others[place];
    }
  }

  #text({ repeats }: KeptAttribute, at: number, length: number): string {
    if (repeats) return this.#texts.text(this.#body, this.#view, at, length);
    const slot = at & (RECENT - 1);
    const recent = this.#recentPlaces[slot] === at ? this.#recent[slot] : undefined;
    if (recent !== undefined) return recent;
    const text = textOf(this.#body, at, length);
    this.#recentPlaces[slot] = at;
    this.#recent[slot] = text;
    return text;
  }

  #grow(): void {
    const words = new Int32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
  }
}

/** One span's part of them. */
class SpanAttributes implements AttributeReader {
  readonly #of: BodyAttributes;
  readonly #first: number;
  readonly #end: number;
  readonly #low: number;
  readonly #high: number;
  readonly #repeats: boolean;

  constructor(
    of: BodyAttributes,
    first: number,
    end: number,
    { low, high }: { readonly low: number; readonly high: number },
    repeats: boolean,
  ) {
    this.#of = of;
    this.#first = first;
    this.#end = end;
    this.#low = low;
    this.#high = high;
    this.#repeats = repeats;
  }

  get(kept: KeptAttribute): AttributeValue | undefined {
    const { index } = kept;
    // Mostly it is not there, and its bit says so at once.
    const bits = index & 32 ? this.#high : this.#low;
    if (((bits >>> index) & 1) === 0) return undefined;
    const of = this.#of;
    return this.#repeats ? of.findAmong(kept, this.#first, this.#end) : of.find(kept, this.#first, this.#end);
  }

  toJSON(): Attributes {
    return plainAttributes(this);
  }
}

defineGetters(SpanAttributes.prototype);
