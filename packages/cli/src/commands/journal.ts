import { isUnfinished, type JournalSurvey, readRecords, surveyJournal } from "@cloister/journal";
import type { JournalDamage, JournalRecord } from "@cloister/model";
import { oneOf, readFlagsAndWords, UsageError } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import { FORMATS, type Format, headOf, lineOf, type Sheet } from "../journal/row.ts";
import { SHEETS } from "../journal/sheets.ts";
import type { Terminal } from "../terminal.ts";

const WHATS = Object.keys(SHEETS);

const USAGE = `usage: cloister journal verify DIR [--json]
       cloister journal stat DIR [--json]
       cloister journal export DIR --what W [--format ndjson|csv]

Reads a journal and changes nothing, also while an engine writes it.

verify  reads every record and checkpoint. Exit 1 when something is damaged or missing.
stat    how much there is, of what, and since when.
export  one row each, on standard output; loads in pandas or DuckDB as it is. Prices and sizes are exact:
        decimal texts. Only what the records alone tell:

  --what orders        orders as they were placed
  --what commands      what was asked of the engine
  --what requests      what was signed: each may have left
  --what answers       what the exchange answered to each copy that was written
  --what fills         fills, each once, as it was first heard
  --what statuses      what the venue said of orders, every time it said so
  --what records       everything, as JSON
  --format F           ndjson (default) or csv

What the engine made of it (states, ticks) is told by \`cloister replay DIR\`.

Exit 0: done; 1: damaged (what is good was told), or DIR cannot be read; 2: the command line is wrong.
`;

export const journalCommand: Command = { usage: USAGE, run };

const FLAGS = {
  json: { type: "boolean", default: false },
  what: { type: "string" },
  format: { type: "string", default: "ndjson" },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, words } = readFlagsAndWords(args, FLAGS);
  const [verb = "", folder, ...more] = words;
  const act = oneOf("journal", verb, ["verify", "stat", "export"]);
  if (folder === undefined || more.length > 0) throw new UsageError("name one folder of a journal");
  if (act === "verify") return verify(folder, { terminal, json: values.json });
  if (act === "stat") return stat(folder, { terminal, json: values.json });
  const sheet = SHEETS[oneOf("what", values.what ?? "", WHATS)]?.();
  if (sheet === undefined) throw new UsageError("--what is needed");
  return exportSheet(folder, {
    terminal,
    sheet,
    format: oneOf("format", values.format, FORMATS),
  });
}

type Speech = { readonly terminal: Terminal; readonly json: boolean };

function verify(folder: string, { terminal, json }: Speech): number {
  const survey = surveyed(folder);
  const isGood = survey.damage.length === 0 && survey.missing.length === 0;
  if (json) terminal.out(`${JSON.stringify({ ...survey, isGood })}\n`);
  else {
    terminal.out(`${recordsIn(survey)} records in ${survey.segments.length} segments\n`);
    for (const damage of survey.damage) terminal.out(`${damageText(damage)}\n`);
    for (const { from, to } of survey.missing) terminal.out(`MISSING records ${from} to ${to}\n`);
    for (const name of survey.aside) terminal.out(`${name}: was put aside by an earlier life\n`);
    if (isGood) terminal.out("all of it is good\n");
  }
  return isGood ? EXIT.ok : EXIT.failed;
}

function surveyed(folder: string, onRecord?: (record: JournalRecord) => void): JournalSurvey {
  const survey = surveyJournal(folder, onRecord === undefined ? {} : { onRecord });
  const isEmpty = survey.segments.length === 0 && survey.checkpoints.length === 0;
  if (isEmpty && survey.damage.length === 0) throw new UsageError(`${folder} holds no journal`);
  return survey;
}

function damageText({ file, kind, at, bytes }: JournalDamage): string {
  return `${kind.toUpperCase()} ${file}: ${bytes} bytes from ${at}`;
}

function stat(folder: string, { terminal, json }: Speech): number {
  const kinds = new Map<string, number>();
  let orders = 0;
  let [fromMs, toMs]: (number | null)[] = [null, null];
  const onRecord = ({ atMs, input }: JournalRecord): void => {
    kinds.set(input.kind, (kinds.get(input.kind) ?? 0) + 1);
    if (input.kind === "command" && input.command.kind === "place") {
      orders += input.command.orders.length;
    }
    fromMs ??= atMs;
    toMs = atMs;
  };
  const survey = surveyed(folder, onRecord);
  const bytes = survey.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const told = {
    mark: survey.mark ?? null,
    segments: survey.segments.length,
    bytes,
    records: recordsIn(survey),
    first_sequence: survey.firstSequence ?? null,
    last_sequence: survey.lastSequence ?? null,
    from_ms: fromMs,
    to_ms: toMs,
    orders,
    bytes_per_order: orders === 0 ? null : Math.round(bytes / orders),
    checkpoints: survey.checkpoints.map(({ sequence }) => sequence),
    writer: survey.writer === undefined ? null : `${survey.writer.pid}@${survey.writer.host}`,
    kinds: Object.fromEntries(kinds),
  };
  if (json) terminal.out(`${JSON.stringify(told)}\n`);
  else {
    for (const [name, value] of Object.entries(told)) {
      const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
      terminal.out(`${name.padEnd(16)} ${shown}\n`);
    }
  }
  return EXIT.ok;
}

function recordsIn({ segments }: JournalSurvey): number {
  return segments.reduce((sum, { records }) => sum + records, 0);
}

/** So much is written at once. */
const CHUNK = 64 * 1024;

type ExportTerms = {
  readonly terminal: Terminal;
  readonly sheet: Sheet<JournalRecord>;
  readonly format: Format;
};

async function exportSheet(
  folder: string,
  { terminal, sheet, format }: ExportTerms,
): Promise<number> {
  const { columns } = sheet;
  const damage: JournalDamage[] = [];
  let chunk = headOf(columns, format);
  for (const record of readRecords(folder, { hurt: (hurt) => damage.push(hurt) })) {
    for (const row of sheet.rows(record)) chunk += lineOf(row, columns, format);
    if (chunk.length < CHUNK) continue;
    terminal.out(chunk);
    chunk = "";
    await terminal.drained();
  }
  terminal.out(chunk);
  const real = damage.filter((one) => !isUnfinished(folder, one));
  for (const one of real) terminal.err(`cloister journal: ${damageText(one)}\n`);
  return real.length === 0 ? EXIT.ok : EXIT.failed;
}
