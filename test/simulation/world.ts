import { createEngine, type Engine, type EngineOptions, replay } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { type MemoryJournal, memoryJournal } from "@cloister/journal";
import { makeCloidMark, ManualClock, seededRandom, type Tick } from "@cloister/model";
import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  recoverByLookup,
  type WireOptions,
} from "@cloister/simulator";
import { auditRules, type RuleTerms } from "@cloister/testkit";
import { expect, onTestFinished } from "vitest";

export const ACCOUNT = `0x${"a1".repeat(20)}`;
export const OTHER = `0x${"b2".repeat(20)}`;

/** Lets promises run on, in between steps of virtual time. */
export async function settle<T>(
  clock: ManualClock,
  promise: Promise<T>,
  withinMs = 60_000,
): Promise<T> {
  const state = { done: false };
  const marked = promise.finally(() => {
    state.done = true;
  });
  for (let passed = 0; !state.done && passed < withinMs; passed += 10) {
    clock.advanceBy(10);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
  return marked;
}

/**
 * When the test is over, what was recorded is run again and must bring about the same ticks to the letter: each record
 * carries the digest of the tick before it, and a tick's input is the record's own.
 */
function expectSameAgain(engine: Engine, journal: MemoryJournal): void {
  let last = "";
  engine.onTick((tick) => {
    last = JSON.stringify(tick);
  }, 0);
  onTestFinished(() => {
    let again: Tick | undefined;
    for (const { tick, verdict } of replay({ mark: journal.mark, records: journal.records() })) {
      if (verdict === "different") expect.fail(`another tick than before: ${JSON.stringify(tick)}`);
      again = tick;
    }
    expect(JSON.stringify(again)).toBe(last);
  });
}

export type World = {
  readonly clock: ManualClock;
  readonly exchange: Exchange;
  /** Trades for ACCOUNT. */
  readonly engine: Engine;
  /** The cable of that engine. */
  readonly cable: ReturnType<Exchange["wire"]>;
  /** One more engine, for another account, by default on a wire like the first one's. */
  readonly engineFor: (
    account: string,
    more?: Partial<EngineOptions>,
    through?: World["cable"],
  ) => Promise<Engine>;
};

/**
 * An exchange and an engine on one virtual clock, with the real codec and transport between them. After every tick of
 * every engine the rules that nothing may break are asserted; the test that made the world fails with the first breach.
 */
export async function world(
  options: {
    exchange?: Partial<ExchangeOptions>;
    engine?: Partial<EngineOptions> | ((clock: ManualClock) => Partial<EngineOptions>);
    wire?: WireOptions | ((clock: ManualClock) => WireOptions);
    /** What the story expects of the rules that are asserted after every step. */
    rules?: Omit<RuleTerms, "venue">;
  } = {},
): Promise<World> {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    recover: recoverByLookup,
    accounts: [
      { address: ACCOUNT, deposit: "1000000" },
      { address: OTHER, deposit: "1000000" },
    ],
    ...options.exchange,
  });
  const wire = typeof options.wire === "function" ? options.wire(clock) : options.wire;
  const engineOptions =
    typeof options.engine === "function" ? options.engine(clock) : options.engine;
  const cable = exchange.wire(wire);
  const engineFor = async (
    account: string,
    more: Partial<EngineOptions> = {},
    through = exchange.wire(wire),
  ): Promise<Engine> => {
    const random = more.random ?? engineOptions?.random ?? seededRandom(2);
    // Two engines with chances of their own are two processes, each with its mark.
    const journal = memoryJournal({ mark: makeCloidMark(random) });
    const engine = await settle(
      clock,
      createEngine({
        journal,
        venue: hyperliquid({
          network: { http: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1/ws", signatures: "mainnet" },
          account,
          signer: testSigner(account),
          wire: through,
        }),
        clock,
        ...engineOptions,
        ...more,
        random,
      }),
    );
    const audit = auditRules(engine, {
      ...options.rules,
      venue: { block: () => exchange.block(), account: () => exchange.truth(account).accounts[0] },
    });
    onTestFinished(() => expect(audit.breaches).toEqual([]));
    if (!("journal" in { ...engineOptions, ...more })) expectSameAgain(engine, journal);
    return engine;
  };
  const engine = await engineFor(ACCOUNT, {}, cable);
  return { clock, exchange, engine, cable, engineFor };
}
