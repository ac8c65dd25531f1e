// The glue is made by Emscripten, and laid beside the package's own files by the build.
import type { CoreFactory } from "./glue.js";

declare const factory: CoreFactory;
export default factory;
