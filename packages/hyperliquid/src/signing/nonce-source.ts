/** Nonces of one key: ms timestamps that never repeat and never fall (protocol §10.3). */
export type NonceSource = {
  /** max(now, last + 1), in ms. */
  readonly next: (nowMs: number) => number;
  /** From here on nonces are larger than `spent`. */
  readonly raise: (spent: number) => void;
};

export function nonceSource(): NonceSource {
  let last = 0;
  return {
    next: (nowMs) => {
      last = Math.max(Math.floor(nowMs), last + 1);
      return last;
    },
    raise: (spent) => {
      // NaN would stay for ever, and beyond 2^53 numbers stand still.
      if (Number.isSafeInteger(spent)) last = Math.max(last, spent);
    },
  };
}

const shared = new Map<string, NonceSource>();

/** The one source of a key in this process: two signers of one key never give out the same nonce. */
export function sharedNonceSource(address: string): NonceSource {
  const known = shared.get(address);
  if (known !== undefined) return known;
  const fresh = nonceSource();
  shared.set(address, fresh);
  return fresh;
}
