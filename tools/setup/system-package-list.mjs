/**
 * Every system package the project uses, each with its reason, in groups that a command asks for by name.
 * `package` is Debian's name; `command` is what to look for elsewhere (entries without one are parts that other systems
 * ship with the compiler, or that CMake fetches there).
 */
export const systemPackages = [
  { group: "build", package: "cmake", command: "cmake", reason: "configures both builds" },
  { group: "build", package: "ninja-build", command: "ninja", reason: "runs both builds" },
  { group: "build", package: "nlohmann-json3-dev", reason: "JSON parser of the core (headers)" },
  { group: "build", package: "googletest", reason: "sources of GoogleTest, built natively and as wasm" },

  { group: "wasm", package: "python3", command: "python3", reason: "Emscripten's driver is written in it" },
  { group: "wasm", package: "patchelf", reason: "makes an unpacked Emscripten find its own libraries" },
  { group: "wasm", package: "debian-archive-keyring", reason: "verifies the packages Emscripten is unpacked from" },
  { group: "wasm", package: "xz-utils", reason: "unpacks those packages" },

  {
    group: "native",
    package: "clang-19",
    command: "clang++-19",
    reason: "native compiler, same generation as the wasm one",
  },
  { group: "native", package: "lld-19", command: "ld.lld-19", reason: "its linker" },
  { group: "native", package: "llvm-19", command: "llvm-symbolizer-19", reason: "readable sanitizer reports" },
  { group: "native", package: "libc++-19-dev", reason: "the standard library the wasm build uses too" },
  { group: "native", package: "libc++abi-19-dev", reason: "what libc++ stands on" },
  { group: "native", package: "libclang-rt-19-dev", reason: "run-time parts of ASan and UBSan" },

  { group: "lint", package: "clang-format-19", command: "clang-format-19", reason: "format of C++" },
  { group: "lint", package: "clang-tidy-19", command: "clang-tidy-19", reason: "static analysis of C++" },

  { group: "browser", package: "chromium", command: "chromium", reason: "real browser that the tests drive" },
  { group: "browser", package: "firefox-esr", command: "firefox", reason: "a second engine (Gecko)" },
  { group: "browser", package: "webkit2gtk-driver", command: "WebKitWebDriver", reason: "a third engine (WebKit)" },
  { group: "browser", package: "xvfb", command: "Xvfb", reason: "the display that WebKit's browser wants" },
  { group: "browser", package: "fonts-liberation", reason: "text on the screenshots" },
  { group: "browser", package: "fonts-noto-core", reason: "the same in Arabic, Hebrew, Hindi and Thai" },
  { group: "browser", package: "fonts-wqy-microhei", reason: "the same in Chinese, Japanese and Korean" },
];

export const systemGroups = [...new Set(systemPackages.map((entry) => entry.group))];
