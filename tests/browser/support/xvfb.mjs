import { startGroup } from "./processes.mjs";
import { findProgram } from "./programs.mjs";

/**
 * A display without a screen, on a number that is free.
 *
 * @param {import("./processes.mjs").Premises} premises
 * @returns {Promise<string>} its name, as `DISPLAY` wants it
 */
export async function startXvfb(premises) {
  const program = findProgram("Xvfb", { variable: "XVFB", places: ["/usr/bin/Xvfb"], debian: "xvfb" });
  const xvfb = startGroup(program, ["-displayfd", "3", "-screen", "0", "2048x1600x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let said = "";
  xvfb.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const number = await new Promise((resolve, reject) => {
    xvfb.once("spawn", () => premises.add(xvfb.pid));
    xvfb.once("error", reject);
    xvfb.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}: ${said.trim()}`)));
    xvfb.stdio[3].setEncoding("utf8").once("data", (text) => resolve(text.trim()));
  });
  for (const one of [xvfb, xvfb.stderr, xvfb.stdio[3]]) one.unref();
  return `:${number}`;
}
