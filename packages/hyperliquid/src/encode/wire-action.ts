/** JSON as it is hashed and sent: no undefined, no float but whole numbers, keys in the order of protocol §6.2. */
export type WireValue =
  | string
  | number
  | boolean
  | readonly WireValue[]
  | { readonly [key: string]: WireValue };

/** An action in the venue's own words, ready to be hashed. The order of its keys is part of it. */
export type WireAction = { readonly type: string; readonly [key: string]: WireValue };
