import type { Address } from "@cloister/model";
import type { WireFill, WireTrade } from "../market/fill.ts";

/** What one block has to tell, gathered while its actions run and sent at its end. */
export class BlockNews {
  readonly atMs: number;
  readonly number: number;
  /** Elements of `orderUpdates` by account, in the order they happened. */
  readonly updates = new Map<Address, object[]>();
  readonly fills = new Map<Address, WireFill[]>();
  readonly trades = new Map<string, WireTrade[]>();
  /** Accounts whose orders or positions changed. */
  readonly users = new Set<Address>();
  /** Coins whose book changed. */
  readonly books = new Set<string>();

  constructor(number: number, atMs: number) {
    this.number = number;
    this.atMs = atMs;
  }

  tellUpdate(user: Address, element: object): void {
    push(this.updates, user, element);
    this.users.add(user);
  }

  tellFill(user: Address, fill: WireFill): void {
    push(this.fills, user, fill);
    this.users.add(user);
  }

  tellTrade(trade: WireTrade): void {
    push(this.trades, trade.coin, trade);
  }
}

function push<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
