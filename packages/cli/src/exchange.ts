import { type Clock, seededRandom } from "@cloister/model";
import {
  createExchange,
  type Exchange,
  type FaultPlan,
  faultsOf,
  type KeyedAccount,
  makeAccounts,
  serveExchange,
} from "@cloister/simulator";

export type ExchangeTerms = {
  readonly clock: Clock;
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** The same seed gives the same market and the same accounts. */
  readonly seed: number;
  readonly network: "mainnet" | "testnet";
  /** How many funded accounts. */
  readonly accounts: number;
  readonly blockMs: number;
  /** How everything on its port misbehaves. */
  readonly plan?: FaultPlan;
};

export type RunningExchange = {
  /** What a client must know; printed as it is by `cloister exchange`. */
  readonly ready: {
    readonly http: string;
    readonly ws: string;
    readonly network: "mainnet" | "testnet";
    readonly accounts: readonly KeyedAccount[];
  };
  readonly truth: Exchange["truth"];
  close(): Promise<void>;
};

/** Quote money of each account. */
const DEPOSIT = "1000000";

/** Starts a simulated exchange with funded accounts on real sockets. Rejects when the port cannot be had. */
export async function startExchange(terms: ExchangeTerms): Promise<RunningExchange> {
  const { clock, seed, network, blockMs, host, port, plan } = terms;
  // Keys have a source of their own, so that their number does not change the market.
  const accounts = makeAccounts(terms.accounts, seededRandom(seed + 1));
  const exchange = createExchange({
    clock,
    random: seededRandom(seed),
    network,
    blockMs,
    accounts: accounts.map((account) => ({ ...account, deposit: DEPOSIT })),
  });
  try {
    const faults = plan === undefined ? {} : { faults: faultsOf(plan, { clock }) };
    const served = await serveExchange(exchange, { host, port, ...faults });
    return {
      ready: { http: served.http, ws: served.ws, network, accounts },
      truth: (address) => exchange.truth(address),
      async close() {
        exchange.close();
        await served.close();
      },
    };
  } catch (error) {
    exchange.close();
    throw error;
  }
}
