export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const NOTHING: PartialSuccess = { rejected: 0, message: "" };

/**
 * Reads ExportTraceServiceResponse or ExportMetricsServiceResponse: both are
 * `{ 1: partial_success { 1: rejected int64, 2: error_message string } }`. What cannot be read says nothing.
 */
export function readPartialSuccess(body: Uint8Array): PartialSuccess {
  let partial = NOTHING;
  readFields(body, (field, value) => {
    if (field === 1 && typeof value !== "number") partial = readPartial(value);
  });
  return partial;
}

function readPartial(body: Uint8Array): PartialSuccess {
  let rejected = 0;
  let message = "";
  readFields(body, (field, value) => {
    if (field === 1 && typeof value === "number" && Number.isSafeInteger(value)) rejected = value;
    if (field === 2 && typeof value !== "number") message = Buffer.from(value).toString("utf8");
  });
  return { rejected, message };
}

/** Calls `visit` for each varint and each length-delimited field, and ends where the bytes make no sense. */
function readFields(body: Uint8Array, visit: (field: number, value: number | Uint8Array) => void): void {
  let at = 0;
  function varint(): number {
    let value = 0;
    for (let scale = 1; at < body.length; scale *= 0x80) {
      const byte = body[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  }
  while (at < body.length) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === 0) visit(Math.floor(tag / 8), varint());
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else if (wireType === 2) {
      const end = varint() + at;
      if (!(end <= body.length)) return;
      visit(Math.floor(tag / 8), body.subarray(at, end));
      at = end;
    } else return;
  }
}
