import { ASSUMPTIONS, type Assumption } from "@cloister/hyperliquid";
import {
  type Clock,
  type Decimal,
  makeCloidMark,
  type Random,
  type Signer,
  signOf,
  type Wire,
} from "@cloister/model";
import { probeOf } from "./all-probes.ts";
import { fieldOf } from "./json.ts";
import { readMarket } from "./market.ts";
import { type Finding, notMeasured } from "./probe.ts";
import { type DeskTerms, ProbeDesk } from "./probe-desk.ts";
import { flatten, type Leftovers, positionNow, sweep } from "./sweep.ts";
import { ProbeTrouble } from "./trouble.ts";
import { VenueLine } from "./venue-line.ts";

export type ProbeTerms = {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly signer: Signer;
  readonly network: "mainnet" | "testnet";
  readonly account: string;
  readonly coin: string;
  /** Whether those may run that trade. */
  readonly trade: boolean;
  /** Ids of those to measure; undefined: all that can be. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Told before each probe: its number from 1, of how many, and its id. */
  readonly progress: (text: string) => void;
  /** Resolves when somebody wants it to end. */
  readonly stopAsked: Promise<void>;
};

/** One assumption, what was found of it, and the texts that the venue said meanwhile. */
export type ProbeRow = Finding & {
  readonly assumption: Assumption;
  readonly raw: readonly string[];
};

export type ProbeReport = {
  readonly rows: readonly ProbeRow[];
  /** What went wrong with the way to the venue, or with its answers. */
  readonly troubles: readonly string[];
  readonly left: Leftovers;
  readonly isStopped: boolean;
};

/** So many probes in trouble one after the other: the venue is not to be measured now. */
const TROUBLES_MAX = 3;

/**
 * Measures every assumption that can be, one after the other, and takes away all it placed whatever happens.
 * Rejects with ProbeTrouble when it could not even begin: then nothing was placed.
 */
export async function runProbes(terms: ProbeTerms): Promise<ProbeReport> {
  const line = new VenueLine(terms.wire, terms.clock);
  try {
    await line.open();
    return await atDesk(line, terms);
  } finally {
    line.close();
  }
}

async function atDesk(line: VenueLine, terms: ProbeTerms): Promise<ProbeReport> {
  await proveRole(line, terms);
  const place = readMarket(await line.info({ type: "metaAndAssetCtxs", dex: "" }), terms.coin);
  const { account, signer, network, random } = terms;
  const mark = makeCloidMark(random);
  const deskTerms: DeskTerms = { line, place, account, signer, network, random, mark };
  const desk = new ProbeDesk(deskTerms);
  await subscribe(desk);
  const position = await positionNow(desk);
  const whyNoTrade = await noTradeFor(desk, { trade: terms.trade, position });
  void terms.stopAsked.then(() => desk.stop());
  const bench = { desk, position, whyNoTrade, only: terms.only, troubles: [] };
  const rows = await measureAll(bench, terms.progress);
  // Another desk: this one may be stopped.
  const sweeper = new ProbeDesk(deskTerms);
  sweeper.unanswered.push(...desk.unanswered);
  const may = { mark, position, trade: whyNoTrade === undefined };
  const left = await sweep(sweeper, may).catch((error: unknown) => [
    `the sweep failed (${reasonOf(error)}): orders whose cloid begins with 0x${mark} may be open`,
  ]);
  const { isStopped } = desk;
  return { rows, troubles: isStopped ? [] : bench.troubles, left, isStopped };
}

/** Why nothing may be traded: what others do there could not be told from what the probe did. */
async function noTradeFor(
  desk: ProbeDesk,
  { trade, position }: { readonly trade: boolean; readonly position: Decimal },
): Promise<string | undefined> {
  if (!trade) return "needs --trade";
  if (signOf(position) !== 0) return "the account holds a position in this coin";
  const { coin } = desk.place.market;
  const isBusy = (await desk.openOrders()).some((row) => fieldOf(row, "coin") === coin);
  return isBusy ? "the account has open orders in this coin" : undefined;
}

type Bench = {
  readonly desk: ProbeDesk;
  /** What the account held before. */
  readonly position: Decimal;
  readonly whyNoTrade: string | undefined;
  readonly only: ReadonlySet<string> | undefined;
  readonly troubles: string[];
};

async function measureAll(
  bench: Bench,
  progress: (text: string) => void,
): Promise<readonly ProbeRow[]> {
  const { troubles } = bench;
  const all: readonly Assumption[] = Object.values(ASSUMPTIONS).flat();
  const rows: ProbeRow[] = [];
  let inARow = 0;
  for (const assumption of all) {
    const why = whyNot(assumption, bench, inARow >= TROUBLES_MAX);
    if (why !== undefined) {
      rows.push({ ...notMeasured(why), assumption, raw: [] });
      continue;
    }
    progress(`${rows.length + 1} of ${all.length}: ${assumption.id}\n`);
    const before = troubles.length;
    rows.push(await measured(assumption, bench));
    inARow = troubles.length === before ? 0 : inARow + 1;
  }
  return rows;
}

/** Why it is not measured; undefined when it is. */
function whyNot(
  { id, probe }: Assumption,
  { desk, only, whyNoTrade }: Bench,
  isDead: boolean,
): string | undefined {
  if (probe === "no") return "";
  if (only?.has(id) === false) return "not asked for";
  if (desk.isStopped) return "stopped before";
  if (isDead) return "the venue did not answer before";
  return probe === "trade" ? whyNoTrade : undefined;
}

async function measured(assumption: Assumption, bench: Bench): Promise<ProbeRow> {
  const { desk, position, troubles } = bench;
  const from = desk.line.heard.length;
  const finding = await (probeOf(assumption.id)?.(desk) ?? Promise.resolve(notMeasured(""))).catch(
    (error: unknown) => {
      troubles.push(`${assumption.id}: ${reasonOf(error)}`);
      return notMeasured(`not measured: ${reasonOf(error)}`);
    },
  );
  const raw = desk.line.heard.slice(from);
  // The next one begins with what this one began with; the sweep says what is left.
  if (assumption.probe === "trade") await flatten(desk, position).catch(() => undefined);
  return { ...finding, assumption, raw };
}

/** @throws ProbeTrouble for a key that may not trade for the account */
async function proveRole(line: VenueLine, { account, signer }: ProbeTerms): Promise<void> {
  const role = await line.info({ type: "userRole", user: signer.address });
  const word = fieldOf(role, "role");
  const master = String(fieldOf(fieldOf(role, "data"), "user")).toLowerCase();
  const isOwn = word === "user" && signer.address.toLowerCase() === account.toLowerCase();
  const isAgent = word === "agent" && master === account.toLowerCase();
  if (isOwn || isAgent) return;
  throw new ProbeTrouble(
    `the key's address ${signer.address} is ${JSON.stringify(role)} there and may not trade for ${account}`,
  );
}

/** @throws ProbeTrouble when a stream is not acknowledged */
async function subscribe({ line, account }: ProbeDesk): Promise<void> {
  for (const type of ["orderUpdates", "openOrders"]) {
    line.send({ method: "subscribe", subscription: { type, user: account } });
  }
  const acks = (): true | undefined =>
    line.frames.filter(({ channel }) => channel === "subscriptionResponse").length >= 2
      ? true
      : undefined;
  if ((await line.until(acks, 10_000)) === undefined) {
    throw new ProbeTrouble("the streams were not acknowledged");
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
