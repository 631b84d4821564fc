/** Import rules for dependency-cruiser, made from the table in `rooms.cjs`. Run by `npm run imports:check`. */
const { DISK, FILES, ROOMS, SOCKETS, TEST_NPM } = require("./rooms.cjs");

const OURS = "^(packages/[^/]+|machines)/";
const WORKSPACE = "^(packages/[^/]+|machines|test)/";
const DOORS = ["^packages/[^/]+/src/index\\.ts$", "^machines/src/index\\.ts$"];
/** Tests, and what only tests use: data (fixtures) and tables of cases (stories). None of them ships. */
const TESTS = "\\.(test|fixture|stories)\\.ts$";
const MAINS = "^packages/[^/]+/src/main\\.ts$";
/** What a command or a tool starts: nothing imports it. */
const STARTS = ["/index\\.ts$", "/main\\.ts$", "\\.config\\.ts$", "\\.cjs$"];
/** Where pnpm links the other rooms; they are judged under their real path. */
const LINKED = "(^|/)node_modules/@cloister/";

const exact = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const within = (room) => `^${exact(room)}/`;
const npm = (name) => `(^|/)node_modules/${exact(name)}/`;
const builtins = (names) =>
  names.includes("*") ? ".*" : `^(node:)?(${names.map(exact).join("|") || "(?!)"})$`;
const list = (names) => names.join(", ") || "nothing";

function rulesOfRoom(room) {
  const may = ROOMS[room];
  const favoured = Object.keys(FILES).filter((file) => file.startsWith(`${room}/`));
  return [
    {
      name: `room:${room}`,
      comment: `${room} and its tests may import of the rooms: ${list(may.rooms)}`,
      from: { path: within(room) },
      to: { path: WORKSPACE, pathNot: [room, ...may.rooms].map(within) },
    },
    {
      name: `npm:${room}`,
      comment: `${room} is built on: ${list(may.npm)}`,
      from: { path: within(room), pathNot: TESTS },
      to: { path: "node_modules/", pathNot: [...may.npm.map(npm), LINKED] },
    },
    {
      name: `npm:${room}:test`,
      comment: `a test beside its subject may add: ${list(TEST_NPM)}`,
      from: { path: `${within(room)}.*${TESTS}` },
      to: { path: "node_modules/", pathNot: [...may.npm, ...TEST_NPM].map(npm).concat(LINKED) },
    },
    {
      name: `builtins:${room}`,
      comment: `${room} may import of Node: ${list(may.builtins)}`,
      from: { path: within(room), pathNot: [TESTS, ...favoured.map((file) => `^${exact(file)}$`)] },
      to: { dependencyTypes: ["core"], pathNot: builtins(may.builtins) },
    },
    ...favoured.map((file) => ({
      name: `builtins:${file}`,
      comment: `${file} may import of Node: ${list(FILES[file].builtins)}`,
      from: { path: `^${exact(file)}$` },
      to: { dependencyTypes: ["core"], pathNot: builtins(FILES[file].builtins) },
    })),
  ].filter((rule) => rule.to.pathNot !== builtins(["*"]));
}

/** The rooms that hold a right to one of these modules. */
function roomsWith(modules) {
  const may = (room) => ROOMS[room].builtins.some((name) => name === "*" || modules.includes(name));
  return Object.keys(ROOMS).filter(may).map(within);
}

const HOUSE_RULES = [
  {
    name: "unlisted-room",
    comment: "a folder that the table does not name is no room",
    from: { path: OURS, pathNot: Object.keys(ROOMS).map(within) },
    to: {},
  },
  {
    name: "front-door-only",
    comment: "another room is entered by its index.ts",
    from: { path: OURS },
    to: { path: OURS, pathNot: ["^$1/", ...DOORS] },
  },
  {
    name: "front-door-only:test",
    comment: "test/ enters every room by its index.ts",
    from: { path: "^test/" },
    to: { path: OURS, pathNot: DOORS },
  },
  {
    name: "network-only-at-the-edge",
    comment: "sockets live where the table says so",
    from: { path: OURS, pathNot: [...roomsWith(SOCKETS), TESTS] },
    to: { path: [builtins(SOCKETS), npm("ws")] },
  },
  {
    name: "disk-only-at-the-edge",
    comment: "disks live where the table says so",
    from: { path: OURS, pathNot: [...roomsWith(DISK), TESTS] },
    to: { path: builtins(DISK) },
  },
  {
    name: "no-tests-in-production",
    comment: "what ships imports no test, nor what only tests use",
    from: { path: OURS, pathNot: TESTS },
    to: { path: [TESTS, "^test/", ...TEST_NPM.map(npm)] },
  },
  {
    name: "no-test-in-test",
    comment: "a test imports no other test; what they share is a *.fixture.ts or *.stories.ts",
    from: {},
    to: { path: "\\.test\\.ts$" },
  },
  {
    name: "no-dead-weight",
    comment: "what no front door leads to is dead, or belongs into a *.fixture.ts",
    from: { path: [...DOORS, MAINS] },
    to: {
      path: "^(packages/[^/]+|machines)/src/",
      pathNot: [TESTS, ...DOORS, MAINS],
      reachable: false,
    },
  },
  {
    name: "no-cycles",
    comment: "a cycle has no first file to read",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-orphans",
    comment: "a file that nothing imports is not needed",
    from: { orphan: true, path: WORKSPACE, pathNot: [TESTS, ...STARTS] },
    to: {},
  },
  {
    name: "no-unresolved",
    comment: "an import leads somewhere",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "no-undeclared",
    comment: "a library stands in the package.json of the room that imports it",
    from: { path: OURS, pathNot: TESTS },
    to: {
      dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"],
      dependencyTypesNot: ["npm-peer"],
    },
  },
];

module.exports = {
  forbidden: [...Object.keys(ROOMS).flatMap(rulesOfRoom), ...HOUSE_RULES].map((rule) => ({
    severity: "error",
    ...rule,
  })),
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^((packages|test)/[^/]+|machines|test)/dist/|^packages/[^/]+/bin/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@cloister/source", "import", "types", "node", "default"],
      extensions: [".ts", ".js"],
    },
  },
};
