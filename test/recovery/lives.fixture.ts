import { createEngine, type Engine, type EngineOptions, replay } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { memoryJournal } from "@cloister/journal";
import { type Alarm, type Journal, ManualClock, seededRandom, type Tick } from "@cloister/model";
import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  recoverByLookup,
  type WireOptions,
} from "@cloister/simulator";
import { expect, onTestFinished } from "vitest";
import { ACCOUNT, OTHER, settle } from "../simulation/world.ts";
import { type Boundary, Fate, mortalJournal, mortalWire } from "./mortal.fixture.ts";

/** One life of the process. */
export type Life = {
  readonly engine: Engine;
  readonly fate: Fate;
  /** From its own beginning on; what it lived through again is not told. */
  readonly ticks: readonly Tick[];
  readonly alarms: readonly Alarm[];
};

export type LifeTerms = Partial<EngineOptions> & {
  /** A process of its own beside ours: it shares no journal. */
  readonly isOther?: boolean;
  readonly account?: string;
  readonly http?: string;
  readonly dies?: (boundary: Boundary, passed: number) => boolean;
};

/** A journal and an exchange that outlive the processes. */
export type Lives = {
  readonly clock: ManualClock;
  readonly exchange: Exchange;
  readonly journal: Journal;
  /** The next process on the same journal. The one before must be dead. */
  readonly begin: (terms?: LifeTerms) => Promise<Life>;
  /** Every action that the exchange was sent for the account, by kind. */
  readonly sent: () => readonly string[];
};

/** All that was recorded in all lives, run again, brings about the same ticks; asserted when the test is over. */
function expectSameAgain(journal: Journal): void {
  onTestFinished(() => {
    const { records } = journal.recall();
    for (const { tick, verdict } of replay({ mark: journal.mark, records })) {
      if (verdict === "different") expect.fail(`another tick than before: ${JSON.stringify(tick)}`);
    }
  });
}

export function lives(
  options: {
    readonly exchange?: Partial<ExchangeOptions>;
    readonly wire?: (clock: ManualClock) => WireOptions;
    readonly journal?: Journal;
    /** Whether what was recorded can be run again. */
    readonly isWhole?: boolean;
  } = {},
): Lives {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    recover: recoverByLookup,
    crowd: false,
    accounts: [
      { address: ACCOUNT, deposit: "1000000" },
      { address: OTHER, deposit: "1000000" },
    ],
    ...options.exchange,
  });
  const journal = options.journal ?? memoryJournal({ mark: "c1015700" });
  if (options.isWhole ?? true) expectSameAgain(journal);
  let seed = 10;
  /** What is left of the dead in this process costs time only. */
  const buried = new Map<Fate, () => void>();
  const begin = async (terms: LifeTerms = {}): Promise<Life> => {
    const {
      account = ACCOUNT,
      http = "http://127.0.0.1:1",
      dies,
      isOther = false,
      ...more
    } = terms;
    const cable = exchange.wire(options.wire?.(clock) ?? { latencyMs: 5 });
    // What had left travels on.
    const stillborn = deathOf();
    const fate: Fate = new Fate(dies ?? (() => false), () => {
      stillborn.tell();
      clock.after(50, () => {
        cable.close();
        buried.get(fate)?.();
      });
    });
    seed += 1;
    const starting = createEngine({
      venue: hyperliquid({
        network: { http, ws: "ws://127.0.0.1:1/ws", signatures: "mainnet" },
        account,
        signer: testSigner(account),
        wire: mortalWire(cable, fate),
      }),
      clock,
      ...(isOther ? {} : { journal: mortalJournal(journal, fate) }),
      random: seededRandom(seed),
      ...more,
    });
    // Who dies while it begins has nobody to tell.
    const engine = await settle(clock, Promise.race([starting, stillborn.promise]));
    const bury = (): void => void engine.close({ orders: "leave", withinMs: 1 });
    if (fate.isDead) bury();
    else buried.set(fate, bury);
    return watched(engine, fate);
  };
  const sent = (): readonly string[] =>
    (exchange.truth(ACCOUNT).accounts[0]?.requests ?? []).map(({ type }) => type);
  return { clock, exchange, journal, begin, sent };
}

/** Rejects when it is told; nobody need listen. */
function deathOf(): { readonly promise: Promise<never>; readonly tell: () => void } {
  let tell = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    tell = () => reject(new Error("it died while it began"));
  });
  promise.catch(() => undefined);
  return { promise, tell };
}

function watched(engine: Engine, fate: Fate): Life {
  const ticks: Tick[] = [];
  const alarms: Alarm[] = [];
  engine.onTick((tick) => {
    if (tick.input.kind === "started") ticks.length = 0;
    ticks.push(tick);
  }, 0);
  for (const tick of ticks) alarms.push(...alarmsOf(tick));
  engine.ticks$.subscribe((tick) => alarms.push(...alarmsOf(tick)));
  return { engine, fate, ticks, alarms };
}

function alarmsOf({ alarms, changes }: Tick): readonly Alarm[] {
  return [...alarms, ...changes.flatMap((change) => change.alarms)];
}
