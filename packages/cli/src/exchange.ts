import { type Clock, seededRandom } from "@cloister/model";
import {
  createExchange,
  type Exchange,
  type FaultPlan,
  type FaultSwitch,
  faultSwitch,
  type KeyedAccount,
  makeAccounts,
  type RulesOption,
  serveControl,
  serveExchange,
  stoppableClock,
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
  /** Whether the venue's rate limits hold: several bots on one machine share one network address. Default true. */
  readonly limited?: boolean;
  /** How it behaves where the venue's behaviour is not established. */
  readonly rules?: RulesOption;
  /** How everything on its port misbehaves. */
  readonly plan?: FaultPlan;
  /** The port of its control, on this machine only; 0: any free port. None by default. */
  readonly control?: number;
};

export type RunningExchange = {
  /** What a client must know; printed as it is by `cloister exchange`. */
  readonly ready: {
    readonly http: string;
    readonly ws: string;
    readonly control?: string;
    readonly network: "mainnet" | "testnet";
    readonly accounts: readonly KeyedAccount[];
  };
  readonly truth: Exchange["truth"];
  readonly block: Exchange["block"];
  /** What it suffers on its port, where it was started with a plan or a control. */
  readonly faults: FaultSwitch;
  close(): Promise<void>;
};

/** Quote money of each account. */
const DEPOSIT = "1000000";

/** Starts a simulated exchange with funded accounts on real sockets. Rejects when the port cannot be had. */
export async function startExchange(terms: ExchangeTerms): Promise<RunningExchange> {
  const { seed, network, blockMs } = terms;
  const clock = stoppableClock(terms.clock);
  // Keys have a source of their own, so that their number does not change the market.
  const accounts = makeAccounts(terms.accounts, seededRandom(seed + 1));
  const exchange = createExchange({
    clock,
    random: seededRandom(seed),
    network,
    blockMs,
    ...(terms.limited === false ? { limits: false } : {}),
    ...(terms.rules === undefined ? {} : { rules: terms.rules }),
    accounts: accounts.map((account) => ({ ...account, deposit: DEPOSIT })),
  });
  try {
    const { addresses, faults, close } = await openDoors(exchange, { ...terms, clock });
    return {
      ready: { ...addresses, network, accounts },
      truth: (address) => exchange.truth(address),
      block: () => exchange.block(),
      faults,
      async close() {
        exchange.close();
        await close();
        // What a fault delayed would keep the process alive until it is due.
        clock.stop();
      },
    };
  } catch (error) {
    exchange.close();
    throw error;
  }
}

type Doors = {
  readonly addresses: Pick<RunningExchange["ready"], "http" | "ws" | "control">;
  readonly faults: FaultSwitch;
  readonly close: () => Promise<void>;
};

async function openDoors(exchange: Exchange, terms: ExchangeTerms): Promise<Doors> {
  const { clock, host, port, control, plan = { seed: 1, faults: [] } } = terms;
  const faults = faultSwitch(plan, { clock });
  const misbehaves = terms.plan !== undefined || control !== undefined;
  const served = await serveExchange(exchange, {
    host,
    port,
    ...(misbehaves ? { faults: faults.faults } : {}),
  });
  const { http, ws } = served;
  if (control === undefined) {
    return { addresses: { http, ws }, faults, close: () => served.close() };
  }
  try {
    const hand = await serveControl(exchange, { switch: faults, port: control });
    return {
      addresses: { http, ws, control: hand.http },
      faults,
      close: async () => {
        await hand.close();
        await served.close();
      },
    };
  } catch (error) {
    await served.close();
    throw error;
  }
}
