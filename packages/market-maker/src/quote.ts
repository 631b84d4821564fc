import type { Cloid, Decimal, Side } from "@cloister/model";

/** One level of a ladder. Price in quote, size in base units. */
export type Quote = { readonly side: Side; readonly price: Decimal; readonly size: Decimal };

/** An order of ours that may still fill: resting, or under way, or in doubt. */
export type WorkingQuote = {
  readonly cloid: Cloid;
  readonly side: Side;
  readonly price: Decimal;
  readonly leaves: Decimal;
  /** A cancel is under way. It fills no level any more, but it still counts until it has ended. */
  readonly canceling: boolean;
};

/** Bounds of the position once all that could still fill has filled. Base units. */
export type WorstCase = { readonly min: Decimal; readonly max: Decimal };
