import { explainText, replay, type Replayed } from "@cloister/engine";
import { readRecords, surveyJournal } from "@cloister/journal";
import { type Change, type Cloid, CloisterError, formatDecimal, readCloid } from "@cloister/model";
import { readFlagsAndWords, UsageError } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import type { Terminal } from "../terminal.ts";

const USAGE = `usage: cloister replay DIR [options]

Runs what a journal recorded through the same engine again, by the recorded clock, without a network: nothing is
sent and nobody is asked. Each tick is held against the digest that the next record carries of it, and what changed
and what was alarmed is told. DIR may belong to an engine that runs.

  --until N            up to this record only
  --order CLOID        only what concerns this order
  --explain            at the end: why that order is as it is (with --order)
  --quiet              only the last line

Exit 0: every tick is the same again; 1: one is not, or DIR cannot be read; 2: the command line is wrong.
`;

export const replayCommand: Command = { usage: USAGE, run };

const FLAGS = {
  until: { type: "string" },
  order: { type: "string" },
  explain: { type: "boolean", default: false },
  quiet: { type: "boolean", default: false },
} as const;

type Terms = {
  readonly until: number;
  readonly cloid: Cloid | undefined;
  readonly explain: boolean;
  readonly quiet: boolean;
};

type Tally = {
  records: number;
  same: number;
  missing: number;
  /** Of the first tick that is not what it was. */
  different: number | undefined;
  last: number | undefined;
};

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, words } = readFlagsAndWords(args, FLAGS);
  const [folder, ...more] = words;
  if (folder === undefined || more.length > 0) throw new UsageError("name one folder of a journal");
  const { explain, quiet } = values;
  const terms = { until: untilOf(values.until), cloid: cloidOf(values.order), explain, quiet };
  if (explain && terms.cloid === undefined) throw new UsageError("--explain needs --order");
  const { mark, firstSequence } = surveyJournal(folder);
  if (mark === undefined || firstSequence === undefined) {
    throw new UsageError(`${folder} holds no journal`);
  }
  try {
    return await tell(replay({ mark, records: readRecords(folder) }), terms, terminal);
  } catch (error) {
    if (!(error instanceof CloisterError)) throw error;
    terminal.err(`cloister replay: ${error.message}\n`);
    return EXIT.failed;
  }
}

function untilOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const until = Number(text);
  if (Number.isSafeInteger(until) && until > 0) return until;
  throw new UsageError("--until must be the number of a record");
}

function cloidOf(text: string | undefined): Cloid | undefined {
  const cloid = text === undefined ? undefined : readCloid(text);
  if (text !== undefined && cloid === undefined) throw new UsageError("--order must be a cloid");
  return cloid;
}

async function tell(story: Iterable<Replayed>, terms: Terms, terminal: Terminal): Promise<number> {
  const { until, cloid, quiet } = terms;
  const tally: Tally = { records: 0, same: 0, missing: 0, different: undefined, last: undefined };
  let latest: Replayed | undefined;
  for (const step of story) {
    latest = step;
    count(tally, step);
    if (!quiet) for (const line of linesOf(step, cloid)) terminal.out(`${line}\n`);
    await terminal.drained();
    if (step.record.sequence >= until) break;
  }
  if (latest !== undefined) explained(latest, terms, terminal);
  terminal.out(summary(tally));
  return tally.different === undefined ? EXIT.ok : EXIT.failed;
}

function explained({ explain }: Replayed, { cloid, ...terms }: Terms, terminal: Terminal): void {
  if (terms.explain && cloid !== undefined) terminal.out(`${explainText(explain(cloid))}\n`);
}

function count(tally: Tally, { record, verdict }: Replayed): void {
  const { sequence } = record;
  tally.records += 1;
  if (tally.last !== undefined) tally.missing += sequence - tally.last - 1;
  tally.last = sequence;
  if (verdict === "same") tally.same += 1;
  if (verdict === "different") tally.different ??= sequence;
}

function linesOf({ tick, verdict }: Replayed, cloid: Cloid | undefined): readonly string[] {
  const { sequence, atMs, input, changes, alarms } = tick;
  const isWanted = (about: Cloid | undefined): boolean => cloid === undefined || about === cloid;
  const at = `${sequence} ${new Date(atMs).toISOString()}`;
  return [
    ...(input.kind === "started" ? [`${at} a life of the process begins`] : []),
    ...changes
      .filter((change) => isWanted(change.cloid))
      .map((change) => `${at} ${changeText(change)}`),
    ...alarms
      .filter((alarm) => isWanted(alarm.cloid))
      .map(({ name, text, cloid: about = "" }) => `${at} ALARM ${name} ${about} ${text}`),
    ...(verdict === "different" ? [`${at} DIFFERENT: the tick is not what it was`] : []),
  ];
}

function changeText({ cloid, from, to, evidence, filled, leaves, alarms }: Change): string {
  const sizes = `filled ${formatDecimal(filled)}, leaves ${formatDecimal(leaves)}`;
  const alarmed = alarms.map(({ name, text }) => `; ALARM ${name} ${text}`).join("");
  return `${cloid} ${from} → ${to} by ${evidence.type}; ${sizes}${alarmed}`;
}

function summary({ records, same, missing, different }: Tally): string {
  const lost = missing === 0 ? "" : `, ${missing} missing`;
  const verdict =
    different === undefined
      ? "no tick is another"
      : `tick ${different} is the first that is another`;
  return `${records} records${lost}; ${same} ticks compared and the same; ${verdict}\n`;
}
