/**
 * The value of the variable `desk` that stands for the aggregator's own desk, whose series have no label `desk`: as a regular
 * expression it matches nothing but the empty text.
 */
export const OWN_DESK = "()";
