import { runCTest } from "./ctest.mjs";
import { runNodeTests, testsIn, testsOutside } from "./node-tests.mjs";

/** Every layer of tests, from the innermost outwards: what must be built for it, and how it is run. */
export const layers = [
  { name: "core, native (ASan, UBSan)", targets: ["native"], run: () => runCTest("native") },
  { name: "core, WebAssembly in Node", targets: ["wasm-tests"], run: () => runCTest("wasm") },
  {
    name: "package in Node",
    targets: ["package"],
    run: () => runNodeTests("node", testsOutside("package", "browser")),
  },
  {
    name: "packed and installed",
    targets: ["package"],
    run: () => runNodeTests("package", testsIn("package"), { testSeconds: 300 }),
  },
  {
    name: "browser",
    targets: ["package"],
    groups: ["browser"],
    // One browser at a time: two share the cores so badly that time-outs become a matter of luck.
    run: () => runNodeTests("browser", testsIn("browser"), { concurrency: 1 }),
  },
];
