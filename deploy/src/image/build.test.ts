import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { type BuiltStage, buildStages } from "./build.ts";
import { readDockerfile } from "./dockerfile.ts";

function build(
  folder: string,
  leaveOut: readonly string[],
  ...lines: readonly string[]
): Promise<BuiltStage> {
  return buildStages(readDockerfile(lines.join("\n")), testFolder(), folder, leaveOut);
}

test("a stage has what it copies of the one before, and its commands run in its own folder", async () => {
  const folder = testFolder();
  const image = await build(
    folder,
    ["chown 0:0 a", "USER node"],
    "FROM base AS build",
    "WORKDIR /app",
    "ENV WORD=text",
    "RUN mkdir -p a/b && chown 0:0 a && echo $WORD > a/b/file && echo more > other",
    "FROM base",
    "WORKDIR /srv",
    "COPY --from=build /app/a ./a",
    "COPY --from=build /app/other ./",
    "USER node",
    "VOLUME /data",
    "ENV DATA=/data PLAIN=1",
    'ENTRYPOINT ["node"]',
    'HEALTHCHECK CMD ["node", "probe"]',
  );
  expect(image.workdir).toBe(join(image.root, "srv"));
  expect(readFileSync(join(image.workdir, "a/b/file"), "utf8")).toBe("text\n");
  expect(readFileSync(join(image.workdir, "other"), "utf8")).toBe("more\n");
  expect(image.env).toEqual({ DATA: join(image.root, "data"), PLAIN: "1" });
  expect(existsSync(join(image.root, "data"))).toBe(true);
  expect([image.entrypoint, image.healthcheck]).toEqual([["node"], ["node", "probe"]]);
  expect(image.leftOut).toEqual(["chown 0:0 a", "USER node"]);
});

test("a command that fails gets one more attempt, in an empty folder", async () => {
  const folder = testFolder();
  const second = "RUN [ ! -e old ] && touch old && echo x >> ../../seen && [ $(wc -l < ../../seen) = 2 ]";
  await expect(build(folder, [], "FROM base", "WORKDIR /app", second)).resolves.toBeDefined();
  await expect(
    build(folder, [], "FROM base", "WORKDIR /app", "RUN echo x >> ../../runs; exit 3"),
  ).rejects.toThrow("ended with 3");
  expect(readFileSync(join(folder, "runs"), "utf8")).toBe("x\nx\n");
});

test.each(["USER node", "RUN mkdir /somewhere", "COPY a b ./", "COPY --from=none /a ./", "SHELL sh"])(
  "what would be wrong to do or to skip is an error: %s",
  async (line) => {
    await expect(build(testFolder(), [], "FROM base", line)).rejects.toThrow();
  },
);
