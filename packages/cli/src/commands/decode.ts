import { readFile } from "node:fs/promises";
import { type DecodedLine, decodeAnything } from "@cloister/hyperliquid";
import { readFlagsAndWords, UsageError } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import type { Terminal } from "../terminal.ts";

const USAGE = `usage: cloister decode FILE… [options]

Says of each recorded message what it is to the engine: evidence, ignored (and why) or unrecognized (and
why). Takes frames of the socket, answers of the exchange, {request, response} pairs and bare bodies of the
info endpoint; one JSON value, a JSON array, or one message per line. FILE may be - for standard input.
Exit 1 only when a file cannot be read.

  --as TYPE            bare bodies are answers to this info request (orderStatus, userFills, …)
  --json               one JSON object per line of the report, with what was not understood in full
`;

export const decodeCommand: Command = { usage: USAGE, run };

const FLAGS = { as: { type: "string" }, json: { type: "boolean", default: false } } as const;

/** Longer texts are cut in the report for a person. */
const SHOWN_MAX = 160;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, words: files } = readFlagsAndWords(args, FLAGS);
  if (files.length === 0) throw new UsageError("name at least one file, or - for standard input");
  const { as, json } = values;
  const counts = { evidence: 0, ignored: 0, unrecognized: 0 };
  let unread = 0;
  for (const file of files) {
    const text = await read(file, terminal);
    if (text === undefined) {
      unread += 1;
      continue;
    }
    for (const line of decodeAnything(text, as === undefined ? {} : { as })) {
      counts[line.verdict] += 1;
      terminal.out(json ? `${JSON.stringify({ file, ...line })}\n` : sentence(file, line));
    }
  }
  const total = `${counts.evidence} evidence, ${counts.ignored} ignored, ${counts.unrecognized} unrecognized\n`;
  terminal[json ? "err" : "out"](total);
  return unread === 0 ? EXIT.ok : EXIT.failed;
}

async function read(file: string, terminal: Terminal): Promise<string | undefined> {
  try {
    return await (file === "-" ? terminal.readStdin() : readFile(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(`cloister decode: ${file} cannot be read: ${reason}\n`);
    return undefined;
  }
}

function sentence(file: string, { item, verdict, what, told, text }: DecodedLine): string {
  const shown = text === undefined ? "" : `\n  ${harmless(cut(text.replaceAll(/\s+/g, " ")))}`;
  return `${harmless(`${file}:${item} ${verdict} ${what}: ${told}`)}${shown}\n`;
}

function cut(text: string): string {
  const rest = text.length - SHOWN_MAX;
  return rest <= 0
    ? text
    : `${text.slice(0, SHOWN_MAX)}… (${rest} more characters, all with --json)`;
}

/** A recorded message must not steer the terminal that shows it: control characters become escapes. */
function harmless(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
