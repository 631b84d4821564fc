import { pinoLogger, systemClock, systemRandom } from "@cloister/engine";
import { fileJournal, type FileJournal } from "@cloister/journal";
import type { Clock, Logger } from "@cloister/model";
import { hasTraded, printAudit, printDoubts } from "@cloister/testkit";
import { UsageError } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import { readDemoOptions, type DemoOptions } from "../demo/options.ts";
import { otherExchange } from "../demo/other-exchange.ts";
import { ownExchange } from "../demo/own-exchange.ts";
import { type DemoResult, runDemo } from "../demo/run-demo.ts";
import { createScreen } from "../demo/screen.ts";
import { listenForStop } from "../demo/stop.ts";
import type { TradingPlace } from "../demo/trading-place.ts";
import { type Forecast, readForecast } from "../demo/weather.ts";
import { logLevel } from "../log-level.ts";
import type { Terminal } from "../terminal.ts";

const USAGE = `usage: cloister demo [options]

Runs a market maker on two coins against an exchange, over real sockets. At the end it cancels every
order and compares the engine's books with the exchange's own. Exit 0 only if they agree, no doubt is left
and no rule of an order engine was broken after any step.

  --seconds N          how long to quote (default 20)
  --seed N             repeats the same market (default 1)
  --faults F           what its own exchange suffers meanwhile: storm, calm, or a file with a plan (see the
                       simulator's README); then it is calm, and 30 s are left to settle before the audit
  --json               prints the audit as JSON on standard output, all else on standard error

  --exchange URL       trades at this exchange instead of one of its own
  --key-file F         holds the private key to sign with (needed with --exchange)
  --account A          the account that trades (default: the key's own address)
  --signatures N       mainnet or testnet: for which network orders are signed (default testnet)
  --journal DIR        records every input in this folder first, and lets status, halt, resume and cancel-all in
                       (with an exchange of its own, which knows nothing of earlier runs, DIR must be new)

Ctrl-C cancels every order before it exits; a second one exits at once (130). A closed terminal or pipe is
like the first.
CLOISTER_LOG=debug|info|warn|error|silent sets how much is logged to standard error (default error).
`;

export const demoCommand: Command = { usage: USAGE, run };

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readDemoOptions(args);
  const faults = options.venue.kind === "own" ? options.venue.faults : undefined;
  const forecast = faults === undefined ? { taken: undefined } : await readForecast(faults);
  if ("refused" in forecast) {
    terminal.err(`cloister demo: --faults ${forecast.refused}\n`);
    return EXIT.usage;
  }
  const say = options.json ? terminal.err : terminal.out;
  const clock = systemClock();
  const logger = pinoLogger({ level: logLevel(terminal), destination: { write: terminal.err } });
  const stop = listenForStop(terminal, clock);
  try {
    const host = { clock, logger, warn: terminal.err };
    const place = await open(options, forecast.taken, host);
    try {
      say(`exchange at ${place.name}, account ${place.account}\n`);
      const screen = createScreen(say, options.json ? () => undefined : terminal.columns);
      const runMs = options.seconds * 1_000;
      const random = systemRandom();
      const journal = openJournal(options);
      const result = await runDemo(place, {
        ...{ clock, random, logger, screen, stop, runMs },
        ...(journal === undefined ? {} : { journal }),
      });
      if (result === undefined) {
        say("stopped before the engine was open: nothing was placed\n");
        // An exchange that does not answer is asked for a while, and nobody waits for that.
        terminal.exitNow(EXIT.interrupted);
        return EXIT.interrupted;
      }
      return conclude(result, { say, out: terminal.out, json: options.json });
    } finally {
      await place.close();
    }
  } finally {
    stop.release();
  }
}

/** @throws UsageError, journalLocked, journalVersion, journalFailed */
function openJournal({ journal: folder, venue }: DemoOptions): FileJournal | undefined {
  if (folder === undefined) return undefined;
  const journal = fileJournal(folder);
  if (venue.kind === "other" || journal.recall().lastSequence === 0) return journal;
  journal.close();
  throw new UsageError(`--journal ${folder} holds the orders of another exchange`);
}

function open(
  { venue }: DemoOptions,
  forecast: Forecast | undefined,
  host: { clock: Clock; logger: Logger; warn: (text: string) => void },
): Promise<TradingPlace> {
  if (venue.kind === "other") return otherExchange(venue, host);
  const { seed } = venue;
  return ownExchange(host.clock, forecast === undefined ? { seed } : { seed, forecast });
}

type Speech = {
  readonly say: (text: string) => void;
  readonly out: (text: string) => void;
  readonly json: boolean;
};

/** More breaches than these are counted only. */
const SHOWN_MAX = 20;

function conclude(result: DemoResult, { say, out, json }: Speech): number {
  const { audit, breaches, doubts, faults, steps } = result;
  const traded = hasTraded(audit);
  if (faults !== undefined) say(`WEATHER ${faults} faults\n`);
  say(printDoubts(doubts));
  say(`RULES asked after ${steps} steps, broken ${breaches.length} times\n`);
  for (const { rule, sequence, text } of breaches.slice(0, SHOWN_MAX)) {
    say(`BROKEN after step ${sequence}: ${rule}: ${text}\n`);
  }
  say(printAudit(audit));
  if (json) out(`${JSON.stringify({ ...audit, traded, doubts, breaches, steps, faults })}\n`);
  return audit.agrees && traded && breaches.length === 0 ? EXIT.ok : EXIT.failed;
}
