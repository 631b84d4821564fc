/**
 * The architecture as a table: who may import whom, and what a room is built on.
 * `imports.cjs` makes the import rules of it, `tidy.test.ts` holds it against the folders on disk.
 */
const SOCKETS = ["net", "tls", "http", "https", "http2", "dgram", "dns"];
const DISK = ["fs", "fs/promises"];
const WIRE_LIBRARIES = ["ws", "@msgpack/msgpack", "@noble/hashes", "@noble/secp256k1"];
const WIRE_BUILTINS = [...SOCKETS, "crypto", "events"];

exports.ROOMS = {
  "packages/model": { rooms: [], npm: [], builtins: [] },
  machines: { rooms: ["packages/model"], npm: ["xstate"], builtins: [] },
  "packages/engine": {
    rooms: ["packages/model", "machines"],
    npm: ["rxjs", "xstate", "pino"],
    builtins: [],
  },
  "packages/hyperliquid": {
    rooms: ["packages/model", "machines"],
    npm: ["rxjs", "xstate", ...WIRE_LIBRARIES],
    builtins: WIRE_BUILTINS,
  },
  // Shares no code with hyperliquid, so that one mistake cannot be made twice.
  "packages/simulator": {
    rooms: ["packages/model"],
    npm: [...WIRE_LIBRARIES, "yaml"],
    builtins: WIRE_BUILTINS,
  },
  "packages/journal": {
    rooms: ["packages/model"],
    npm: [],
    // The socket is the operator's own, beside the files.
    builtins: [...DISK, "crypto", "events", "net", "os", "path", "process", "zlib"],
  },
  "packages/market-maker": {
    rooms: ["packages/model", "packages/engine"],
    npm: ["rxjs"],
    builtins: [],
  },
  "packages/testkit": {
    rooms: [
      "packages/model",
      "machines",
      "packages/engine",
      "packages/hyperliquid",
      "packages/simulator",
      "packages/journal",
    ],
    npm: ["rxjs"],
    builtins: [],
  },
  "packages/cli": {
    rooms: [
      "packages/model",
      "machines",
      "packages/engine",
      "packages/hyperliquid",
      "packages/simulator",
      "packages/journal",
      "packages/market-maker",
      "packages/testkit",
    ],
    npm: ["rxjs", "xstate"],
    builtins: ["*"],
  },
};

/** Files with a right that their room has not. */
exports.FILES = {
  // The one place that builds the default clock and random source.
  "packages/engine/src/system.ts": { builtins: ["crypto", "perf_hooks"] },
};

/** What a test beside its subject may import on top of its room. */
exports.TEST_NPM = ["vitest", "fast-check"];
exports.SOCKETS = SOCKETS;
exports.DISK = DISK;
