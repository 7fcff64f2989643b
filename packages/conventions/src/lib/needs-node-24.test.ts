import { expect, test } from "vitest";
import { assertNode } from "../needs-node-24.ts";

test.each(["24.11.0", "24.21.3", "25.0.0", "100.1.2"])("Node %s is new enough", (version) => {
  expect(() => assertNode(version)).not.toThrow();
});

test.each(["20.19.0", "22.12.0", "24.10.9", "9.11.0"])(
  "Node %s is too old, and one line says so",
  (version) => {
    expect(() => assertNode(version)).toThrow(
      expect.objectContaining({
        code: "node_too_old",
        message: expect.stringMatching(
          new RegExp(`^[^\\n]*need Node 24\\.11 or later; this is ${version}[^\\n]*$`),
        ),
      }),
    );
  },
);
