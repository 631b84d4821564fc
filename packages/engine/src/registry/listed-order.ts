import {
  type Cloid,
  type Oid,
  type OrderReport,
  type OrderTerms,
  parseCloid,
} from "@cloister/model";

/** The name of the order here. The venue lets orders do without; then one is made of its oid, and never sent for it. */
export function cloidOf({ cloid, oid }: { readonly cloid?: Cloid; readonly oid: Oid }): Cloid {
  return cloid ?? parseCloid(`0x${"ff".repeat(8)}${oid.toString(16).padStart(16, "0")}`);
}

/** Its terms as far as the venue tells them. */
export function termsOf(row: OrderReport): OrderTerms {
  const { coin, side, price, size, tif = "Gtc", reduceOnly = false } = row;
  const trigger = triggerOf(row);
  return Object.freeze({ coin, side, price, size, tif, reduceOnly, ...(trigger && { trigger }) });
}

/** A trigger order that has fired is an order like others. */
function triggerOf(row: OrderReport): OrderTerms["trigger"] {
  const { triggerPrice, triggerTerms } = row;
  if (triggerPrice === undefined || triggerTerms === undefined) return undefined;
  return { price: triggerPrice, ...triggerTerms };
}
