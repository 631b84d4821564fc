import { privateKeySigner } from "@cloister/hyperliquid";
import type { Clock } from "@cloister/model";
import type { Books } from "@cloister/testkit";
import { type RunningExchange, startExchange } from "../exchange.ts";
import type { TradingPlace } from "./trading-place.ts";
import { truthBooks } from "./truth-books.ts";
import { type Forecast, weatherOf } from "./weather.ts";

/** A simulated exchange on loopback sockets, whose own books are open to the audit. */
export async function ownExchange(
  clock: Clock,
  { seed, forecast }: { readonly seed: number; readonly forecast?: Forecast },
): Promise<TradingPlace> {
  const exchange = await startExchange({
    clock,
    port: 0,
    host: "127.0.0.1",
    seed,
    network: "testnet",
    accounts: 1,
    blockMs: 80,
    ...(forecast === undefined ? {} : { plan: forecast.plan }),
  });
  const { http, ws, network, accounts } = exchange.ready;
  const [account] = accounts;
  if (account === undefined) throw new Error("the exchange has no account");
  return {
    name: http,
    network: { http, ws, signatures: network },
    account: account.address,
    signer: privateKeySigner(account.privateKey),
    audit: () =>
      Promise.resolve({
        collect: () => Promise.resolve(),
        books: () => Promise.resolve(booksOf(exchange, account.address)),
      }),
    venue: {
      block: () => exchange.block(),
      account: () => exchange.truth(account.address).accounts[0],
    },
    ...(forecast === undefined ? {} : { weather: weatherOf(forecast, exchange.faults) }),
    close: () => exchange.close(),
  };
}

function booksOf(exchange: RunningExchange, address: string): Books {
  const [truth] = exchange.truth(address).accounts;
  if (truth === undefined) throw new Error(`the exchange has no account ${address}`);
  return truthBooks(truth);
}
