import { CloisterError } from "@cloister/model";
import { UsageError } from "./arguments.ts";
import { type Command, EXIT } from "./command.ts";
import type { Terminal } from "./terminal.ts";

type Entry = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** A command is loaded only when it is named: most of them start many libraries. */
  readonly load: () => Promise<Command>;
};

const COMMANDS: readonly Entry[] = [
  {
    name: "demo",
    summary: "a market maker's orders live and die on an exchange, and the books are compared",
    load: async () => (await import("./commands/demo.ts")).demoCommand,
  },
  {
    name: "exchange",
    summary: "a simulated exchange, alone, for any client",
    load: async () => (await import("./commands/exchange.ts")).exchangeCommand,
  },
  {
    name: "proxy",
    summary: "a network that misbehaves, between any client and any endpoint",
    load: async () => (await import("./commands/proxy.ts")).proxyCommand,
  },
  {
    name: "probe",
    summary: "measures at a venue what the engine only assumes of it",
    load: async () => (await import("./commands/probe.ts")).probeCommand,
  },
  {
    name: "status",
    summary: "asks the engine that writes a journal how it is",
    load: async () => (await import("./commands/brake.ts")).statusCommand,
  },
  {
    name: "halt",
    summary: "pulls its brake: places and modifies are refused",
    load: async () => (await import("./commands/brake.ts")).haltCommand,
  },
  {
    name: "resume",
    summary: "releases its brake",
    load: async () => (await import("./commands/brake.ts")).resumeCommand,
  },
  {
    name: "cancel-all",
    summary: "cancels what is open, through the engine or without one",
    load: async () => (await import("./commands/cancel-all.ts")).cancelAllCommand,
  },
  {
    name: "journal",
    summary: "verifies, counts and exports what a journal holds",
    load: async () => (await import("./commands/journal.ts")).journalCommand,
  },
  {
    name: "replay",
    summary: "runs what a journal recorded again, and compares every tick",
    load: async () => (await import("./commands/replay.ts")).replayCommand,
  },
  {
    name: "decode",
    summary: "says what recorded messages of the venue mean to the engine",
    load: async () => (await import("./commands/decode.ts")).decodeCommand,
  },
  {
    name: "machines",
    summary: "prints the machines for the XState visualizer",
    load: async () => (await import("./commands/machines.ts")).machinesCommand,
  },
];

/** Runs one command line (without node and script) and ends with its exit code. Never rejects. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...args] = argv;
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    terminal[word === undefined ? "err" : "out"](overview());
    return word === undefined ? EXIT.usage : EXIT.ok;
  }
  const entry = COMMANDS.find(({ name }) => name === word);
  if (entry === undefined) {
    terminal.err(`cloister: no such command: ${word}\n\n${overview()}`);
    return EXIT.usage;
  }
  const command = await entry.load();
  if (args.includes("--help") || args.includes("-h")) {
    terminal.out(command.usage);
    return EXIT.ok;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`cloister ${word}: ${error.message}\n\n${command.usage}`);
      return EXIT.usage;
    }
    terminal.err(`cloister ${word}: ${reasonOf(error)}\n`);
    return EXIT.failed;
  }
}

/** An error of ours or of the system says enough in one line; for any other the stack is needed. */
function reasonOf(error: unknown): string {
  if (error instanceof CloisterError) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  return "syscall" in error ? error.message : (error.stack ?? error.message);
}

function overview(): string {
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`).join("");
  return `usage: cloister <command> [options]\n\n${list}\ncloister <command> --help tells more.\n`;
}
