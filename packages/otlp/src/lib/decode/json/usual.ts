// Attributes as every exporter writes them, without spaces: whole words of the body are compared, and not names.

/** A text of which each four bytes are compared at once. */
function wordsOf(text: string): Int32Array {
  const bytes = Buffer.from(text);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, word) => bytes.readInt32LE(word * 4));
}

const [KEY_0, KEY_1] = wordsOf('{"key":"') as unknown as [number, number];
const [VALUE_0, VALUE_1] = wordsOf(',"value"') as unknown as [number, number];
const [STRING_0, STRING_1, STRING_2, STRING_3] = wordsOf('{"stringValue":"') as unknown as number[];
const [INT_0, INT_1, INT_2] = wordsOf('{"intValue":') as unknown as number[];
const [DOUBLE_0, DOUBLE_1, DOUBLE_2, DOUBLE_3] = wordsOf('{"doubleValue":0') as unknown as number[];
/** The last word of the double's name without the byte that belongs to its value. */
const LOW_THREE_BYTES = 0xff_ffff;

/** Bytes that must be there to look for any of them. */
export const LOOKED_AT = 16;

/** Whether `{"key":"` stands there. */
export function isKey(view: DataView, at: number): boolean {
  return view.getInt32(at, true) === KEY_0 && view.getInt32(at + 4, true) === KEY_1;
}
export const KEY_QUOTE = 7;

/** Whether `,"value"` stands there. */
export function isValue(view: DataView, at: number): boolean {
  return view.getInt32(at, true) === VALUE_0 && view.getInt32(at + 4, true) === VALUE_1;
}
export const VALUE_COLON = 8;

/** Whether `{"stringValue":"` stands there. */
export function isString(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === STRING_0 &&
    view.getInt32(at + 4, true) === STRING_1 &&
    view.getInt32(at + 8, true) === STRING_2 &&
    view.getInt32(at + 12, true) === STRING_3
  );
}
export const STRING_QUOTE = 15;

/** Whether `{"intValue":` stands there. */
export function isInteger(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === INT_0 &&
    view.getInt32(at + 4, true) === INT_1 &&
    view.getInt32(at + 8, true) === INT_2
  );
}
export const INTEGER_PLACE = 12;

/** Whether `{"doubleValue":` stands there. */
export function isDouble(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === DOUBLE_0 &&
    view.getInt32(at + 4, true) === DOUBLE_1 &&
    view.getInt32(at + 8, true) === DOUBLE_2 &&
    ((view.getInt32(at + 12, true) ^ (DOUBLE_3 as number)) & LOW_THREE_BYTES) === 0
  );
}
export const DOUBLE_PLACE = 15;
