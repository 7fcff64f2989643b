/** How an attribute's value stands in a body, as far as it has been looked at. */
export type ValueForm = 0 | 1 | 2 | 3 | 4 | 5;

/** There is none. */
export const NO_VALUE = 0;
/** A short text, not read yet. */
export const TEXT = 1;
/** A double of protobuf, not read yet. */
export const DOUBLE = 2;
/** An integer from 0 to 2^31 - 1, read. */
export const SMALL_INT = 3;
/** Anything else, read. */
export const OTHER = 4;
/** A number as JSON writes it, not read yet. */
export const DIGITS = 5;
