import type { Address, Decimal } from "@cloister/model";
import type { WireFill, WireTrade } from "../market/fill.ts";
import type { LedgerUpdate } from "./ledger-update.ts";

/** What one block has to tell, gathered while its actions run and sent at its end. */
export class BlockNews {
  readonly atMs: number;
  readonly number: number;
  /** Elements of `orderUpdates` by account, in the order they happened. */
  readonly updates = new Map<Address, object[]>();
  readonly fills = new Map<Address, WireFill[]>();
  readonly trades = new Map<string, WireTrade[]>();
  /** What the channel `user` says beside fills, by account, one message each (protocol §4.3). */
  readonly events = new Map<Address, object[]>();
  /** Cancels that nobody asked for, by account; told in one message. */
  readonly #systemCancels = new Map<Address, object[]>();
  /** Rows of `userNonFundingLedgerUpdates` by account. */
  readonly ledgerUpdates = new Map<Address, LedgerUpdate[]>();
  /** Fills of TWAP slices, and what became of TWAPs, by account. */
  readonly twapFills = new Map<Address, object[]>();
  readonly twapChanges = new Map<Address, object[]>();
  /** Accounts whose orders or positions changed. */
  readonly users = new Set<Address>();
  /** By how much the open positions grew, by asset id, base units. */
  readonly opened = new Map<number, Decimal>();
  /** Coins whose book changed. */
  readonly books = new Set<string>();

  /** Messages of this block that several sockets hear, by subscription. */
  readonly #printed = new Map<string, string>();

  constructor(number: number, atMs: number) {
    this.number = number;
    this.atMs = atMs;
  }

  /** A message that is made and printed once for all who have the same subscription. */
  printed(key: string, make: () => object): string {
    const known = this.#printed.get(key);
    if (known !== undefined) return known;
    const text = JSON.stringify(make());
    this.#printed.set(key, text);
    return text;
  }

  /** Everybody has heard it. */
  told(): void {
    this.#printed.clear();
  }

  tellUpdate(user: Address, element: object): void {
    push(this.updates, user, element);
    this.users.add(user);
  }

  tellFill(user: Address, fill: WireFill): void {
    push(this.fills, user, fill);
    this.users.add(user);
  }

  /** One more message on the channel `user`. */
  tellEvent(user: Address, event: object): void {
    push(this.events, user, event);
    this.users.add(user);
  }

  /** All such cancels of a block stand in one message, where the first of them stood. */
  tellSystemCancel(user: Address, order: { readonly coin: string; readonly oid: number }): void {
    const known = this.#systemCancels.get(user);
    if (known !== undefined) {
      known.push(order);
      return;
    }
    const list: object[] = [order];
    this.#systemCancels.set(user, list);
    this.tellEvent(user, { nonUserCancel: list });
  }

  tellLedgerUpdate(user: Address, update: LedgerUpdate): void {
    push(this.ledgerUpdates, user, update);
    this.users.add(user);
  }

  tellTwapFill(user: Address, row: object): void {
    push(this.twapFills, user, row);
  }

  tellTwapChange(user: Address, row: object): void {
    push(this.twapChanges, user, row);
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
