import { type Decimal, formatDecimal, type PlaceOrder } from "@cloister/model";

/** One order in the venue's words. The order of the keys is hashed; `c` is left out when there is none. */
export type WireOrder = {
  readonly a: number;
  readonly b: boolean;
  readonly p: string;
  readonly s: string;
  readonly r: boolean;
  readonly t: WireTif | WireTrigger;
  readonly c: string;
};

type WireTif = { readonly limit: { readonly tif: string } };
type WireTrigger = {
  readonly trigger: {
    readonly isMarket: boolean;
    readonly triggerPx: string;
    readonly tpsl: string;
  };
};

/** @param asset the asset id of the order's coin (protocol §11.3). */
export function wireOrder({ terms, cloid }: PlaceOrder, asset: number): WireOrder {
  return {
    a: asset,
    b: terms.side === "buy",
    p: wireDecimal(terms.price),
    s: wireDecimal(terms.size),
    r: terms.reduceOnly,
    t:
      terms.trigger === undefined
        ? { limit: { tif: terms.tif } }
        : {
            trigger: {
              isMarket: terms.trigger.market,
              triggerPx: wireDecimal(terms.trigger.price),
              tpsl: terms.trigger.kind,
            },
          },
    c: cloid,
  };
}

/** Plain digits, no exponent, no trailing zeros: other spellings hash to another signer (protocol §11.1). */
function wireDecimal(value: Decimal): string {
  return formatDecimal(value);
}
