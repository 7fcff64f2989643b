/** How an attribute's value stands in a protobuf body, as far as it has been looked at. */
export type ValueForm = 0 | 1 | 2 | 3 | 4;

/** It is unknown: an array, a map, or nothing. */
export const NO_VALUE = 0;
/** A text of less than 128 bytes, not read yet. */
export const TEXT = 1;
/** A double, not read yet. */
export const DOUBLE = 2;
/** An integer from 0 to 2^31 - 1, read. */
export const SMALL_INT = 3;
/** Anything else, read. */
export const OTHER = 4;
