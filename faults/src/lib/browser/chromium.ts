import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LONGEST_MS = 60_000;

/**
 * Opens a page in a real browser, without a window, and returns the page's text once its scripts have run.
 * @param rules what names lead to, as `--host-resolver-rules` takes it
 */
export async function pageText(url: string, rules: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "slipstream-chromium-"));
  const flags = [
    "--headless",
    // A container's root has no other way.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
    `--user-data-dir=${profile}`,
    `--host-resolver-rules=${rules}`,
    "--virtual-time-budget=10000",
    "--dump-dom",
  ];
  const browser = spawn("chromium", [...flags, url], { stdio: ["ignore", "pipe", "ignore"] });
  const deadline = setTimeout(() => browser.kill("SIGKILL"), LONGEST_MS);
  let text = "";
  browser.stdout.on("data", (chunk) => {
    text += String(chunk);
  });
  await once(browser, "close");
  clearTimeout(deadline);
  rmSync(profile, { recursive: true, force: true });
  return text;
}
