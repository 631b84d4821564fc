import { type Closed, createEngine } from "@cloister/engine";
import { hyperliquid, type Network, privateKeySigner } from "@cloister/hyperliquid";

/** `network`: "mainnet", "testnet", or the addresses that `npx --no cloister exchange` prints. */
export async function quoteOnce(network: Network, account: string, key: string): Promise<Closed> {
  const venue = hyperliquid({ network, account, signer: privateKeySigner(key) });
  await using engine = await createEngine({ venue });

  const bid = { coin: "BTC", side: "buy", price: "30000", size: "0.001", tif: "Alo" } as const;
  const order = engine.place(bid);
  order.changes$.subscribe(({ to, evidence }) => console.log(`${to}, by ${evidence.type}`));

  const first = await order.acknowledged; // accepted, refused or unresolved: never an exception
  if (first.kind === "accepted") await order.modify({ price: "30100" });
  await order.cancel(); // repeated until the order has ended, whatever is lost on the way
  return await order.closed; // state, filled, average price, fees, and whether the ledger is complete
}
