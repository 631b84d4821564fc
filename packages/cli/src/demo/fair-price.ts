import { add, decimalPlaces, divideCut, formatDecimal, parseDecimal } from "@cloister/model";
import { filter, map, type Observable } from "rxjs";

/** The visible book, best first. Prices as canonical decimal strings. */
export type BookSides = {
  readonly bids: readonly { readonly price: string }[];
  readonly asks: readonly { readonly price: string }[];
};

const TWO = parseDecimal("2");

/**
 * The middle of the market without us: a maker that followed its own quotes would follow itself.
 * `own` names the prices at which we stand or stood lately. Silent while a side is empty.
 */
export function fairPrice$(
  book$: Observable<BookSides>,
  own: () => ReadonlySet<string>,
): Observable<string> {
  return book$.pipe(
    map((book) => middleOfOthers(book, own())),
    filter((price) => price !== undefined),
  );
}

function middleOfOthers(book: BookSides, own: ReadonlySet<string>): string | undefined {
  const bid = book.bids.find(({ price }) => !own.has(price));
  const ask = book.asks.find(({ price }) => !own.has(price));
  if (bid === undefined || ask === undefined) return undefined;
  const sum = add(parseDecimal(bid.price), parseDecimal(ask.price));
  return formatDecimal(divideCut(sum, TWO, decimalPlaces(sum) + 1));
}
