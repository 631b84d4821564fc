import { testSigner } from "@cloister/hyperliquid";
import { ManualClock, seededRandom, SILENT } from "@cloister/model";
import {
  createExchange,
  faultSwitch,
  READY_PLANS,
  readFaultPlan,
  recoverByLookup,
  type TruthAccount,
} from "@cloister/simulator";
import { expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { type DemoResult, runDemo } from "./run-demo.ts";
import { listenForStop } from "./stop.ts";
import type { TradingPlace } from "./trading-place.ts";
import { truthBooks } from "./truth-books.ts";
import { weatherOf } from "./weather.ts";

const ACCOUNT = `0x${"a1".repeat(20)}`;

/** An exchange in memory in a storm; nothing but the wire differs from the demo's own. */
function stormyPlace(
  clock: ManualClock,
  seed: number,
  told: (truth: TruthAccount) => TruthAccount,
): TradingPlace {
  const exchange = createExchange({
    clock,
    random: seededRandom(seed),
    network: "testnet",
    recover: recoverByLookup,
    accounts: [{ address: ACCOUNT, deposit: "1000000" }],
  });
  // A short storm needs more of what leaves doubt behind.
  const worse = { what: "loseAnswer", when: { chance: 0.1 }, to: { type: "order" } };
  const plan = readFaultPlan({ seed, faults: [worse, ...READY_PLANS.storm.faults] });
  const faults = faultSwitch(plan, { clock });
  const account = () => exchange.truth(ACCOUNT).accounts[0];
  return {
    name: "memory",
    network: { http: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1/ws", signatures: "testnet" },
    wire: () => exchange.wire({ faults: faults.faults, latencyMs: 5 }),
    account: ACCOUNT,
    signer: testSigner(ACCOUNT),
    audit: () =>
      Promise.resolve({
        collect: () => Promise.resolve(),
        books: () => {
          const truth = account();
          return truth === undefined
            ? Promise.reject(new Error("no account"))
            : Promise.resolve(truthBooks(truth));
        },
      }),
    venue: {
      block: () => exchange.block(),
      account: () => {
        const truth = account();
        return truth === undefined ? undefined : told(truth);
      },
    },
    weather: weatherOf({ name: "storm", plan }, faults),
    close: () => Promise.resolve(),
  };
}

async function demoFor(
  seconds: number,
  seed: number,
  told: (truth: TruthAccount) => TruthAccount = (truth) => truth,
): Promise<DemoResult> {
  const clock = new ManualClock();
  const state: { result?: DemoResult | undefined } = {};
  const running = runDemo(stormyPlace(clock, seed, told), {
    ...{ clock, random: seededRandom(seed), logger: SILENT, runMs: seconds * 1_000 },
    screen: { everyMs: 1_000, show: () => {}, note: () => {} },
    stop: listenForStop(fakeTerminal().terminal, clock),
  }).then((result) => {
    state.result = result;
  });
  for (let passed = 0; state.result === undefined && passed < 600_000; passed += 10) {
    clock.advanceBy(10);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
  await running;
  if (state.result === undefined) throw new Error("the demo did not trade");
  return state.result;
}

it("a storm ends with books that agree, every doubt decided and no rule broken", async () => {
  const { audit, breaches, doubts, faults, steps } = await demoFor(5, 1);
  expect([audit.differences, breaches, doubts.open]).toEqual([[], [], 0]);
  expect(doubts.arose).toBeGreaterThan(0);
  expect(doubts.by.reduce((sum, { count }) => sum + count, 0)).toBe(doubts.arose);
  expect(audit.fills.engine).toBeGreaterThan(20);
  expect(faults).toBeGreaterThan(20);
  expect(steps).toBeGreaterThan(200);
});

it("a rule that is broken is told: an exchange whose own books lie", async () => {
  const { breaches } = await demoFor(1, 1, (account) => ({ ...account, fills: [] }));
  expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(["a fill was invented"]));
});
