import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Loads one file of `js-bindings/src` as it is, for what the package keeps to itself. */
export async function importSource(path) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../../js-bindings/src/${path}`, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
    external: ["*/pst.mjs"],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
