import { expect, test } from "vitest";
import { startProcess, untilServing } from "./real-process.ts";

test("a program that does not serve is killed, and the error has what it printed", async () => {
  const program = startProcess("sh", ["-c", "echo I cannot; exec sleep 60"], "/tmp");
  await expect(untilServing("it", program, () => Promise.reject(new Error("refused")), 100)).rejects.toThrow(
    /^it did not start\. It printed: (I cannot\n)?$/,
  );
  expect(program.exited).toBe(true);
});

test("a program that ends at once is an error long before the deadline", async () => {
  const program = startProcess("sh", ["-c", "exit 3"], "/tmp");
  await expect(untilServing("it", program, () => Promise.resolve(false), 60_000)).rejects.toMatchObject({
    cause: { message: "it ended." },
  });
});
