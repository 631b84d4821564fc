import { MACHINES, machineText } from "@cloister/machines";
import { readFlagsAndWords, UsageError } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import type { Terminal } from "../terminal.ts";

const NAMES = MACHINES.map(({ name }) => name);

const USAGE = `usage: cloister machines [NAME…]

Prints each machine (${NAMES.join(", ")}) as a createMachine(...) call, to be pasted
into the XState visualizer (https://stately.ai/viz). What it shows is what runs.
`;

export const machinesCommand: Command = { usage: USAGE, run };

function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { words } = readFlagsAndWords(args, {});
  const unknown = words.find((word) => !NAMES.some((name) => name === word));
  if (unknown !== undefined) throw new UsageError(`there is no machine ${JSON.stringify(unknown)}`);
  const wanted = MACHINES.filter(({ name }) => words.length === 0 || words.includes(name));
  const texts = wanted.map(
    ({ name, machine, sample }) => `// ${name}\n${machineText(machine, sample())};\n`,
  );
  terminal.out(texts.join("\n"));
  return Promise.resolve(EXIT.ok);
}
