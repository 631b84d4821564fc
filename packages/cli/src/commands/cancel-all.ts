import { systemClock, systemRandom } from "@cloister/engine";
import { hyperliquid } from "@cloister/hyperliquid";
import { askBrake } from "@cloister/journal";
import { type Clock, formatDecimal, isMarked, type OrderReport } from "@cloister/model";
import { askInfoOf } from "../audit/ask-info.ts";
import { DirectVenue } from "../cancel-all/direct-venue.ts";
import { type CancelAllOptions, readCancelAllOptions } from "../cancel-all/options.ts";
import { type Swept, sweepAccount } from "../cancel-all/sweep-account.ts";
import { type Command, EXIT } from "../command.ts";
import { readSigner } from "../key-file.ts";
import { fieldOf, listOf, textOf } from "../probe/json.ts";
import type { Terminal } from "../terminal.ts";
import { tellRefusal } from "./brake.ts";

/** How much later than its own limit an engine may answer. */
const MARGIN_MS = 5_000;

const USAGE = `usage: cloister cancel-all --journal DIR [options]
       cloister cancel-all --network N --key-file F [options]

Cancels orders and tells what is left: through the engine that writes the journal in DIR, or, when none is
running, at the venue itself, on every dex, until two lists of its open orders in a row show none.

  --seconds N          how long it tries (default 30)
  --coin C             only orders of this coin
  --json               prints what came of it as JSON

  --journal DIR        asks the engine that runs there
  --scope S            ours (default) or account: what is not ours as well
  --keep-reduce-only   leaves orders that only reduce

  --network N          mainnet, testnet, or the http(s) URL of an exchange that speaks the same
  --key-file F         holds the private key to sign with
  --account A          the account that trades (default: the key's own address)
  --vault A            the sub-account or vault that the account trades for
  --mark M             only orders whose cloid begins with this mark (\`cloister journal stat\` tells it);
                       without it every order of the account ends
  --signatures N       for a URL: mainnet or testnet (default testnet)

Exit 0: nothing is left; 1: something is, or it is not known; 2: the command line is wrong.
`;

export const cancelAllCommand: Command = { usage: USAGE, run };

type Through<W extends CancelAllOptions["through"]> = Extract<CancelAllOptions, { through: W }>;

function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readCancelAllOptions(args);
  const clock = systemClock();
  return options.through === "engine"
    ? throughEngine(options, clock, terminal)
    : atVenue(options, clock, terminal);
}

async function throughEngine(
  options: Through<"engine">,
  clock: Clock,
  terminal: Terminal,
): Promise<number> {
  const { coin, journal, json, keepReduceOnly, scope, withinMs } = options;
  const answer = await askBrake(
    journal,
    { do: "cancelAll", scope, keepReduceOnly, withinMs, ...(coin === undefined ? {} : { coin }) },
    { clock, timeoutMs: withinMs + MARGIN_MS },
  );
  if (answer.kind !== "done") {
    terminal.err(`cloister cancel-all: ${tellRefusal(answer)}\n`);
    return EXIT.failed;
  }
  const left = listOf(fieldOf(answer.result, "unresolved")).map(textOf);
  if (json) terminal.out(`${JSON.stringify(answer.result)}\n`);
  else terminal.out(left.length === 0 ? "nothing is left\n" : `left: ${left.join(", ")}\n`);
  return left.length === 0 ? EXIT.ok : EXIT.failed;
}

async function atVenue(
  options: Through<"venue">,
  clock: Clock,
  terminal: Terminal,
): Promise<number> {
  const { http, ws, signatures, vault } = options;
  const { signer, warning } = await readSigner(options.keyFile);
  const warn = (text: string): void => terminal.err(`cloister cancel-all: ${text}\n`);
  if (warning !== undefined) warn(warning);
  const venue = new DirectVenue(
    hyperliquid({
      network: { http, ws, signatures },
      account: options.account ?? signer.address,
      signer,
      dexes: await dexesOf(http, clock),
      ...(vault === undefined ? {} : { vault }),
    }),
    clock,
  );
  try {
    await venue.open(systemRandom());
    const { withinMs } = options;
    const isWanted = (order: OrderReport): boolean => isAsked(order, options);
    return conclude(await sweepAccount(venue, { clock, withinMs, isWanted, warn }), {
      terminal,
      json: options.json,
    });
  } finally {
    venue.close();
  }
}

/** Every builder dex that the venue lists. */
async function dexesOf(http: string, clock: Clock): Promise<readonly string[]> {
  const listed = listOf(await askInfoOf(http, clock)({ type: "perpDexs" }));
  return listed.map((dex) => textOf(fieldOf(dex, "name"))).filter((name) => name !== "");
}

function isAsked({ coin, cloid }: OrderReport, options: Through<"venue">): boolean {
  if (options.coin !== undefined && options.coin !== coin) return false;
  if (options.mark === undefined) return true;
  return cloid !== undefined && isMarked(cloid, options.mark);
}

function conclude(
  { seen, left, isClean }: Swept,
  { terminal, json }: { readonly terminal: Terminal; readonly json: boolean },
): number {
  const rows = left?.map(rowOf);
  if (json) terminal.out(`${JSON.stringify({ seen, left: rows ?? null, isClean })}\n`);
  else {
    terminal.out(`${seen} orders seen\n`);
    for (const row of rows ?? []) terminal.out(`left: ${JSON.stringify(row)}\n`);
    if (rows === undefined) terminal.out("what is left is not known: no list could be read\n");
    else if (isClean) terminal.out("nothing is left\n");
    else if (rows.length === 0) terminal.out("one list shows nothing: ask again\n");
  }
  return isClean ? EXIT.ok : EXIT.failed;
}

function rowOf({ coin, oid, cloid, side, price, remaining }: OrderReport): object {
  return {
    coin,
    oid,
    cloid: cloid ?? null,
    side,
    price: formatDecimal(price),
    remaining: formatDecimal(remaining),
  };
}
