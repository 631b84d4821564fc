import { createEngine, type Engine } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { ManualClock, seededRandom } from "@cloister/model";
import {
  createExchange,
  faultsOf,
  readFaultPlan,
  type Exchange,
  type ExchangeOptions,
  recoverByLookup,
  type WireOptions,
} from "@cloister/simulator";
import { type ProbeReport, type ProbeTerms, runProbes } from "./run-probes.ts";

const PROBER = `0x${"a1".repeat(20)}`;
/** May trade for PROBER. */
export const AGENT = `0x${"c3".repeat(20)}`;
export const OTHER = `0x${"b2".repeat(20)}`;

/** A market whose best offer is worth less than the probe may spend, so that it can be taken whole. */
export const THIN = { levelValue: 40, takersPerBlock: 0, stepBps: 0 };

/** A world whose way to the exchange misbehaves. */
export function faulty(...planned: readonly object[]): {
  readonly wire: (clock: ManualClock) => WireOptions;
} {
  const plan = readFaultPlan({ seed: 1, faults: planned });
  return { wire: (clock) => ({ faults: faultsOf(plan, { clock }) }) };
}

const NEVER = new Promise<void>(() => {});

/** Lets promises run on, in between steps of virtual time. */
export async function settle<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const marked = promise.finally(() => {
    state.isOver = true;
  });
  for (let passed = 0; !state.isOver && passed < 1_200_000; passed += 20) {
    clock.advanceBy(20);
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  }
  return marked;
}

/** An engine for the probed account, on a wire of its own. */
export function engineOver(exchange: Exchange, clock: ManualClock): Promise<Engine> {
  const network = {
    http: "http://127.0.0.1:1",
    ws: "ws://127.0.0.1:1/ws",
    signatures: "testnet",
  } as const;
  const signer = testSigner(PROBER);
  return createEngine({
    venue: hyperliquid({ network, account: PROBER, signer, wire: exchange.wire() }),
    clock,
    random: seededRandom(3),
  });
}

export type ProbeWorld = {
  readonly clock: ManualClock;
  readonly exchange: Exchange;
  readonly probe: (more?: Partial<ProbeTerms>) => Promise<ProbeReport>;
};

/** An exchange in memory and what probes it, on one virtual clock. */
export function probeWorld(
  options: {
    readonly exchange?: Partial<ExchangeOptions>;
    readonly wire?: (clock: ManualClock) => WireOptions;
  } = {},
): ProbeWorld {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    network: "testnet",
    recover: recoverByLookup,
    accounts: [
      { address: PROBER, deposit: "10000", agents: [{ address: AGENT }] },
      { address: OTHER, deposit: "1000000" },
    ],
    ...options.exchange,
  });
  const wire = exchange.wire(options.wire?.(clock));
  const probe = (more: Partial<ProbeTerms> = {}): Promise<ProbeReport> =>
    settle(
      clock,
      runProbes({
        ...{ wire, clock, random: seededRandom(2), signer: testSigner(PROBER) },
        ...{ network: "testnet", account: PROBER, coin: "BTC", trade: false },
        progress: () => undefined,
        stopAsked: NEVER,
        ...more,
      }),
    );
  return { clock, exchange, probe };
}

/** Verdicts that are not as one would like, with what was seen. */
export function told(report: ProbeReport, verdict: string): readonly string[] {
  return report.rows
    .filter((row) => row.verdict === verdict)
    .map(({ assumption, said }) => `${assumption.id}: ${said}`);
}

/** Orders of the account that live. */
export function openAt(exchange: Exchange): number {
  return (exchange.truth(PROBER).accounts[0]?.orders ?? []).filter(({ open }) => open).length;
}

/** What the account holds; undefined when it is flat. */
export function positionAt(exchange: Exchange): string | undefined {
  return Object.values(exchange.truth(PROBER).accounts[0]?.positions ?? {})[0];
}
