import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, onTestFinished, test } from "vitest";
import { installScript } from "./debian-package.ts";

/** What the policy says to a package that wants to start its daemon: 101 is no. */
const policyOf = (policy: string): number | null => spawnSync(policy, []).status;

/** The script with an apt-get that notes what it is asked for and then does this. */
function installer(folder: string, then: string): { policy: string; args: readonly string[]; env: object } {
  const apt = `#!/bin/sh\necho "$*" >>${folder}/asked\n[ "$2" = update ] || { ${then}; }\n`;
  writeFileSync(join(folder, "apt-get"), apt, { mode: 0o755 });
  const policy = join(folder, "policy-rc.d");
  const args = ["-ec", installScript(policy), "sh", "some-server"];
  return { policy, args, env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) } };
}

/** Starts one whose apt-get takes long. */
async function running(folder: string): Promise<{ policy: string; pid: number; ended: Promise<unknown> }> {
  const { policy, args, env } = installer(folder, "sleep 600");
  const child = spawn("sh", args, { env: { ...env }, detached: true, stdio: "ignore" });
  const pid = child.pid ?? 0;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(() => {
    if (existsSync(`/proc/${pid}`)) process.kill(-pid, "SIGKILL");
  });
  await eventually("it installs", () => /install/.test(readFileSync(join(folder, "asked"), "utf8")));
  return { policy, pid, ended };
}

test("no daemon is started while a package is installed, and the policy goes then", () => {
  const folder = testFolder();
  const { policy, args, env } = installer(
    folder,
    `${folder}/policy-rc.d; echo "policy $?" >>${folder}/asked`,
  );
  expect(spawnSync("sh", args, { env: { ...env } }).status).toBe(0);
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
    "-qq update\n-qq install -y --no-install-recommends some-server\npolicy 101\n",
  );
  expect(existsSync(policy)).toBe(false);
});

test("the policy goes too if apt-get fails, or ctrl-C ends it", async () => {
  const folder = testFolder();
  const failing = installer(folder, "exit 100");
  expect(spawnSync("sh", failing.args, { env: { ...failing.env } }).status).toBe(100);
  expect(existsSync(failing.policy)).toBe(false);
  const { policy, pid, ended } = await running(testFolder());
  expect(policyOf(policy)).toBe(101);
  process.kill(-pid, "SIGTERM");
  await ended;
  expect(existsSync(policy)).toBe(false);
});

test("a policy that a killed installation left forbids nothing, and the next one takes it away", async () => {
  const folder = testFolder();
  const { policy, pid, ended } = await running(folder);
  process.kill(-pid, "SIGKILL");
  await ended;
  expect(policyOf(policy)).toBe(0);
  const next = installer(folder, "true");
  expect(spawnSync("sh", next.args, { env: { ...next.env } }).status).toBe(0);
  expect(existsSync(policy)).toBe(false);
});

test("a policy of the machine's own stays", () => {
  const folder = testFolder();
  const { policy, args, env } = installer(folder, "true");
  writeFileSync(policy, "#!/bin/sh\nexit 104\n", { mode: 0o755 });
  expect(spawnSync("sh", args, { env: { ...env } }).status).toBe(0);
  expect(policyOf(policy)).toBe(104);
});
