import { CloisterError } from "@cloister/model";
import { UsageError } from "./arguments.ts";
import { type Command, EXIT } from "./command.ts";
import { decodeCommand } from "./commands/decode.ts";
import { demoCommand } from "./commands/demo.ts";
import { exchangeCommand } from "./commands/exchange.ts";
import { machinesCommand } from "./commands/machines.ts";
import type { Terminal } from "./terminal.ts";

const COMMANDS: readonly Command[] = [demoCommand, exchangeCommand, decodeCommand, machinesCommand];

/** Runs one command line (without node and script) and ends with its exit code. Never rejects. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...args] = argv;
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    terminal[word === undefined ? "err" : "out"](overview());
    return word === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = COMMANDS.find(({ name }) => name === word);
  if (command === undefined) {
    terminal.err(`cloister: no such command: ${word}\n\n${overview()}`);
    return EXIT.usage;
  }
  if (args.includes("--help") || args.includes("-h")) {
    terminal.out(command.usage);
    return EXIT.ok;
  }
  return guarded(command, args, terminal);
}

async function guarded(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`cloister ${command.name}: ${error.message}\n\n${command.usage}`);
      return EXIT.usage;
    }
    terminal.err(`cloister ${command.name}: ${reasonOf(error)}\n`);
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
