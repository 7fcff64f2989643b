import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyParts } from "./body-parts.ts";

test("the whole is the parts, whatever their sizes", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.uint8Array({ minLength: 400, maxLength: 5_000 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 50 }), (parts) => {
      const body = new BodyParts();
      for (const bytes of parts) body.add(Buffer.from(bytes));
      const whole = Buffer.concat(parts);
      expect(body.length).toBe(whole.length);
      expect(body.whole()).toEqual(whole);
    }),
  );
});
