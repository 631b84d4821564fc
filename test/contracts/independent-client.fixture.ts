import { seededRandom } from "@cloister/model";
import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  faultsOf,
  makeAccounts,
  type Network,
  readFaultPlan,
  serveExchange,
  serveProxy,
  systemClock,
} from "@cloister/simulator";
import {
  ExchangeClient,
  HttpTransport,
  InfoClient,
  SubscriptionClient,
  WebSocketTransport,
} from "@nktkas/hyperliquid";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Wallet, walletOf } from "./independent-client-wallet.fixture.ts";

/** The real clients of somebody else, pointed at a simulated exchange over real sockets. */

// The client looks for a global WebSocket when a transport is made; Node 20 has none.
if (!("WebSocket" in globalThis)) Object.assign(globalThis, { WebSocket });

type Way = "http" | "ws";
type Transport = HttpTransport | WebSocketTransport;

/** Each network over each way to ask. */
export const WAYS: readonly (readonly [Network, Way])[] = [
  ["mainnet", "http"],
  ["mainnet", "ws"],
  ["testnet", "http"],
  ["testnet", "ws"],
];

const DEPOSIT = "1000000";
const BLOCK_MS = 5;
const CADENCE = { bookMs: 10, midsMs: 10, stateMs: 10, contextMs: 10, candleMs: 10 };

const [ALICE, BOB, AGENT, SUB, STRANGER] = makeAccounts(5, seededRandom(11)).map(walletOf);

/** One person: a wallet and the clients that use it. */
export type Trader = {
  readonly wallet: Wallet;
  readonly user: `0x${string}`;
  readonly exchange: ExchangeClient;
};

export type World = {
  readonly network: Network;
  readonly simulator: Exchange;
  readonly info: InfoClient;
  readonly alice: Trader;
  readonly bob: Trader;
  /** Named agent of alice: signs for her. */
  readonly agent: Trader;
  /** Subaccount of alice: has no key, she signs for it. */
  readonly sub: `0x${string}`;
  /** Never deposited. */
  readonly stranger: Trader;
  /** A fresh socket of the client. */
  socket(): WebSocketTransport;
  /** A client on a socket of its own; orderUpdates and userEvents do not say whose they are. */
  subscriber(): SubscriptionClient;
  /** A trader's client with its own settings. */
  client(wallet: Wallet, options?: { nonce?: number; network?: Network }): ExchangeClient;
};

/** `through`: the faults of a proxy between the clients and the exchange; without it there is none. */
type WorldOptions = Partial<ExchangeOptions> & { readonly through?: readonly object[] };

/** Opens an exchange for one test and closes everything after it. */
export async function openWorld(
  network: Network,
  way: Way,
  { through, ...options }: WorldOptions = {},
): Promise<World> {
  const people = { alice: known(ALICE), bob: known(BOB), agent: known(AGENT) };
  const { sub, stranger } = { sub: known(SUB), stranger: known(STRANGER) };
  const simulator = createExchange({
    clock: systemClock(),
    random: seededRandom(7),
    network,
    blockMs: BLOCK_MS,
    crowd: false,
    accounts: [
      {
        address: people.alice.address,
        deposit: DEPOSIT,
        spot: { USDC: "10000", PURR: "1000" },
        agents: [{ address: people.agent.address, name: "desk" }],
        subAccounts: [{ address: sub.address, deposit: DEPOSIT }],
      },
      { address: people.bob.address, deposit: DEPOSIT, spot: { USDC: "10000", PURR: "1000" } },
    ],
    ...options,
    rules: { cadence: CADENCE, ...options.rules },
  });
  const direct = await serveExchange(simulator);
  const served = through === undefined ? direct : await openProxy(direct.http, through);
  const sockets: WebSocketTransport[] = [];
  onTestFinished(async () => {
    await Promise.all(sockets.map((socket) => socket.close()));
    await served.close();
    if (served !== direct) await direct.close();
    simulator.close();
  });
  const socket = (isTestnet = network === "testnet"): WebSocketTransport => {
    const opened = new WebSocketTransport({ url: served.ws, isTestnet });
    sockets.push(opened);
    return opened;
  };
  const transport = (isTestnet = network === "testnet"): Transport =>
    way === "ws" ? socket(isTestnet) : new HttpTransport({ apiUrl: served.http, isTestnet });
  const shared = transport();
  const trader = (wallet: Wallet): Trader => ({
    wallet,
    user: wallet.address,
    exchange: new ExchangeClient({ transport: shared, wallet }),
  });
  return {
    network,
    simulator,
    info: new InfoClient({ transport: shared }),
    alice: trader(people.alice),
    bob: trader(people.bob),
    agent: trader(people.agent),
    sub: sub.address,
    stranger: trader(stranger),
    socket: () => socket(),
    subscriber: () => new SubscriptionClient({ transport: socket() }),
    client: (wallet, { nonce, network: signsFor = network } = {}) =>
      new ExchangeClient({
        transport: signsFor === network ? shared : transport(signsFor === "testnet"),
        wallet,
        ...(nonce === undefined ? {} : { nonceManager: () => nonce }),
      }),
  };
}

function openProxy(upstream: string, faults: readonly object[]): ReturnType<typeof serveProxy> {
  const clock = systemClock();
  const plan = readFaultPlan({ faults });
  return serveProxy({ upstream, clock, faults: faultsOf(plan, { clock }) });
}

/** An order without a trigger, short to write. */
export function limit(terms: {
  a?: number;
  b: boolean;
  p: string;
  s: string;
  tif?: "Alo" | "Ioc" | "Gtc" | "FrontendMarket";
  r?: boolean;
  c?: `0x${string}`;
}): {
  a: number;
  b: boolean;
  p: string;
  s: string;
  r: boolean;
  t: { limit: { tif: "Alo" | "Ioc" | "Gtc" | "FrontendMarket" } };
  c?: `0x${string}`;
} {
  return {
    a: terms.a ?? 0,
    b: terms.b,
    p: terms.p,
    s: terms.s,
    r: terms.r ?? false,
    t: { limit: { tif: terms.tif ?? "Gtc" } },
    ...(terms.c === undefined ? {} : { c: terms.c }),
  };
}

function known(wallet: Wallet | undefined): Wallet {
  if (wallet === undefined) throw new Error("too few accounts were made");
  return wallet;
}
