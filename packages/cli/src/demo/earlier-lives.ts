import type { Books } from "@cloister/testkit";

/** What an engine's earlier lives left at the exchange: their ticks were told to nobody who is here. */
export type Earlier = { readonly cloids: ReadonlySet<string>; readonly oids: ReadonlySet<number> };

/** `left`: the exchange's books when this life began. `known`: what the engine knew then. */
export function earlierLives(left: Books, known: readonly string[]): Earlier {
  return {
    cloids: new Set([...known, ...left.orders.map(({ cloid }) => cloid)]),
    oids: new Set(left.orders.flatMap(({ oids }) => oids)),
  };
}

/** Books of this life alone. Positions stay whole. */
export function withoutEarlier(books: Books, { cloids, oids }: Earlier): Books {
  const isEarlier = ({ cloid }: { readonly cloid: string }): boolean => cloids.has(cloid);
  const theirs = new Set([
    ...oids,
    ...books.orders.filter(isEarlier).flatMap((order) => order.oids),
  ]);
  return {
    ...books,
    orders: books.orders.filter((order) => !isEarlier(order)),
    fills: books.fills.filter(({ oid }) => !theirs.has(oid)),
  };
}
