import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** A project as a reader of the docs has it: the package is installed. */
export class Project {
  folder = mkdtempSync(join(tmpdir(), "pst-docs-"));

  constructor(files) {
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(root, join(this.folder, "node_modules", "post-session-transfer"));
    for (const [name, text] of Object.entries({ "package.json": '{ "type": "module" }', ...files }))
      writeFileSync(join(this.folder, name), text);
  }

  /** Runs a command, or what stands in a sample of the docs, line by line. Nothing is fetched. */
  async shell(commands) {
    const bin = join(root, "node_modules", ".bin");
    const { stdout } = await run("sh", ["-ec", commands.replaceAll(/^npx /gm, "")], {
      cwd: this.folder,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, ESBUILD_LOG_LEVEL: "warning" },
    });
    return stdout;
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
