import { type Mergeable, QuantileSketch, type Savable, type Saved, SavedFields } from "@slipstream/stats";

/** The sketches of a pane, by operation. */
export class Sketches implements Mergeable<Sketches>, Savable {
  readonly byOperation: Map<string, QuantileSketch> = new Map();

  of(operation: string): QuantileSketch {
    let sketch = this.byOperation.get(operation);
    if (sketch === undefined) {
      sketch = new QuantileSketch();
      this.byOperation.set(operation, sketch);
    }
    return sketch;
  }

  merge(other: Sketches): void {
    for (const [operation, sketch] of other.byOperation) this.of(operation).merge(sketch);
  }

  /** In one piece for all operations: many small ones cost more to clone than their bytes do. */
  save(): Saved {
    return savedSketches(
      [...this.byOperation.keys()],
      Array.from(this.byOperation.values(), (sketch) => sketch.save()),
    );
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved sketches", saved);
    const operations = fields.texts("operations");
    const lengths = fields.words("lengths", operations.length);
    const bytes = fields.bytes("bytes");
    let at = 0;
    for (const [i, operation] of operations.entries()) {
      const end = at + (lengths[i] as number);
      this.of(operation).load(bytes.subarray(at, end));
      at = end;
    }
  }
}

/** @param sketches as each saves itself, by the operation in the same place */
export function savedSketches(operations: readonly string[], sketches: readonly Uint8Array[]): Saved {
  return { operations, lengths: Uint32Array.from(sketches, ({ length }) => length), bytes: joined(sketches) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
