import { Book } from "../market/book.ts";
import type { Account } from "./account.ts";
import type { Ledger } from "./ledger.ts";
import type { Order } from "./order.ts";

/** Fills that reads can reach (protocol §8.6). */
const FILLS_KEPT = 10_000;

type Moment = { readonly monotonicMs: number; readonly ledger: Ledger };

/** The ledger as it was after each of the last blocks, for reads that lag. */
export class Past {
  /** Oldest first. */
  #moments: Moment[] = [];
  readonly #orders = new WeakMap<Order, Order>();

  /** Keeps the ledger as it is now, and forgets what is further back than anybody asks. */
  remember(ledger: Ledger, nowMs: number, reach: { ms: number; blocks: number }): void {
    this.#moments.push({ monotonicMs: nowMs, ledger: this.#copyOf(ledger) });
    const isNeeded = ({ monotonicMs }: Moment, at: number): boolean =>
      nowMs - monotonicMs <= reach.ms || this.#moments.length - at <= reach.blocks + 1;
    // The one before the first that is needed is what was true until then.
    const first = this.#moments.findIndex(isNeeded);
    if (first > 1) this.#moments = this.#moments.slice(first - 1);
  }

  /** The ledger as it was at an hour; the oldest that is known, where nobody remembers that far. */
  at(monotonicMs: number): Ledger | undefined {
    const then = this.#moments.findLast((moment) => moment.monotonicMs <= monotonicMs);
    return (then ?? this.#moments[0])?.ledger;
  }

  atBlock(number: number): Ledger | undefined {
    const then = this.#moments.findLast(({ ledger }) => ledger.news.number <= number);
    return (then ?? this.#moments[0])?.ledger;
  }

  forget(): void {
    this.#moments = [];
  }

  #copyOf(ledger: Ledger): Ledger {
    const before = this.#moments.at(-1)?.ledger;
    const { news } = ledger;
    const accounts = [...ledger.accounts].map(([address, account]) => {
      const known = before?.accounts.get(address);
      // Of the background only orders and fills are seen, and they are told.
      if (known !== undefined && account.background && !news.users.has(address)) {
        return [address, known] as const;
      }
      return [address, this.#accountCopy(account, known)] as const;
    });
    return {
      ...ledger,
      accounts: new Map(accounts),
      agents: new Map(ledger.agents),
      books: this.#booksCopy(ledger, before),
      marks: new Map(ledger.marks),
      market: {
        ...ledger.market,
        conditions: new Map([...ledger.market.conditions].map(([id, one]) => [id, { ...one }])),
        openInterest: new Map(ledger.market.openInterest),
      },
    };
  }

  #accountCopy(account: Account, known: Account | undefined): Account {
    return {
      ...account,
      agents: [...account.agents],
      builderFees: new Map(account.builderFees),
      cash: new Map(account.cash),
      balances: new Map(account.balances),
      positions: new Map(account.positions),
      leverage: new Map(account.leverage),
      open: this.#ordersCopy(account.open, known?.open),
      reducing: this.#ordersCopy(account.reducing, known?.reducing),
      records: this.#ordersCopy(account.records, known?.records),
      byCloid: this.#ordersCopy(account.byCloid, known?.byCloid),
      fills: tailCopy(account.fills, known?.fills),
      fundings: tailCopy(account.fundings, known?.fundings),
      worths: tailCopy(account.worths, known?.worths),
      ledgerUpdates: tailCopy(account.ledgerUpdates, known?.ledgerUpdates),
      twaps: account.twaps.map((twap) => ({ ...twap })),
    };
  }

  /** The same map again where nothing in it changed, so that remembering is cheap. */
  #ordersCopy<Key>(now: Map<Key, Order>, known: Map<Key, Order> | undefined): Map<Key, Order> {
    const copy = new Map<Key, Order>();
    let isSame = known?.size === now.size;
    for (const [key, order] of now) {
      const one = this.#orderCopy(order);
      copy.set(key, one);
      isSame &&= known?.get(key) === one;
    }
    return known !== undefined && isSame ? known : copy;
  }

  #orderCopy(order: Order): Order {
    const known = this.#orders.get(order);
    if (known !== undefined && isSameOrder(known, order)) return known;
    const copy: Order = { ...order, statuses: [...order.statuses] };
    // A parent shows its children, each as it was.
    if (order.group?.parent === order) {
      const children = order.group.children.map((child) => this.#orderCopy(child));
      copy.group = { ...order.group, parent: copy, children };
    }
    this.#orders.set(order, copy);
    return copy;
  }

  #booksCopy(ledger: Ledger, before: Ledger | undefined): Map<number, Book> {
    const books = [...ledger.books].map(([id, book]) => {
      const known = before?.books.get(id);
      const { coin } = ledger.universe.byId(id) ?? {};
      if (known !== undefined && coin !== undefined && !ledger.news.books.has(coin)) {
        return [id, known] as const;
      }
      const copy = new Book();
      for (const order of [...book.orders(true), ...book.orders(false)]) {
        copy.add(this.#orderCopy(order));
      }
      return [id, copy] as const;
    });
    return new Map(books);
  }
}

function tailCopy<Item>(now: Item[], known: Item[] | undefined): Item[] {
  const copy = now.slice(-FILLS_KEPT);
  const isSame = known?.length === copy.length && known.at(-1) === copy.at(-1);
  return known !== undefined && isSame ? known : copy;
}

function isSameOrder(copy: Order, order: Order): boolean {
  if (copy.statuses.length !== order.statuses.length) return false;
  const then: readonly unknown[] = Object.values(copy);
  const now: readonly unknown[] = Object.values(order);
  return (
    then.length === now.length && now.every((part, at) => part === then[at] || Array.isArray(part))
  );
}
