/** A field's tag as it stands before its value. */
export const tagOf = (field: number, wireType: number): number => field * 8 + wireType;

/** The bits by which `ProtoReader.skip` knows the fields that are read. */
export const fieldBits = (...fields: readonly number[]): number =>
  fields.reduce((bits, field) => bits | (1 << field), 0);
