import { chromium } from "playwright-core";
import { findProgram } from "./programs.mjs";

/** Where a Chromium is: `CHROMIUM` in the environment, or one of the usual places. */
export function findChromium() {
  return findProgram("Chromium", {
    variable: "CHROMIUM",
    places: [
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    debian: "chromium",
  });
}

/** @param {import("playwright-core").LaunchOptions} [options] */
export function launchChromium(options = {}) {
  return chromium.launch({
    ...options,
    executablePath: findChromium(),
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
