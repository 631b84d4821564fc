import { readLimitsInPlan } from "../plan-limits.ts";
import { COUNT, kind, plain } from "../fault-kind.ts";
import { CANCELED_BY_SYSTEM } from "../../ledger/order.ts";
import type { Limits } from "../../limits/limits.ts";

/** What the exchange itself suffers, asked once for every block. */

const DAY_MS = 86_400_000;

export const skewClock = kind<{ readonly ms: number }>({
  inside: true,
  to: [],
  paper: {
    parameters: "`ms`, below zero: behind",
    happens:
      "its clock is wrong: block times, nonces, expiry. It never runs backwards, it stands until it is behind",
  },
  read: (fault) => ({ ms: fault.whole("ms", { min: -DAY_MS, max: DAY_MS }) }),
  block: ({ ms }) => ({ kind: "skew", ms }),
});

export const varyBlocks = kind<{ readonly minMs: number; readonly maxMs: number }>({
  inside: true,
  to: [],
  paper: {
    parameters: "`minMs`, `maxMs`",
    happens: "the next block comes after a time between both",
  },
  read(fault) {
    const minMs = fault.whole("minMs", { min: 1, max: 3_600_000 });
    return { minMs, maxMs: fault.whole("maxMs", { min: minMs, max: 3_600_000 }) };
  },
  block: ({ minMs, maxMs }, { random }) => ({
    kind: "pace",
    ms: minMs + Math.floor(random.next() * (maxMs - minMs + 1)),
  }),
});

export const shuffleOids = plain({
  inside: true,
  to: [],
  paper: { parameters: "", happens: "new oids are distinct, but do not increase" },
  block: () => ({ kind: "shuffledOids" }),
});

export const postOnly = plain({
  inside: true,
  to: [],
  paper: {
    parameters: "",
    happens: "as right after a network upgrade: only post-only orders are taken",
  },
  block: () => ({ kind: "postOnly" }),
});

export const limits = kind<{ readonly limits: Partial<Limits> }>({
  inside: true,
  to: [],
  paper: {
    parameters: "`limits`: by the names of the table above",
    happens: "these limits instead of its own",
  },
  read(fault) {
    const read = readLimitsInPlan(fault.object("limits"));
    if (Object.keys(read).length > 0) return { limits: read };
    throw fault.refuse("limits", "must name one at least");
  },
  block: (wrong) => ({ kind: "limits", limits: wrong.limits }),
});

export const endAgents = plain({
  inside: true,
  to: ["account", "signer"],
  paper: {
    parameters: "",
    happens: "approved keys end now, one (`signer`) or all; keys approved afterwards as well",
  },
  block: ({ to: { account, signer } }) => ({
    kind: "endAgents",
    ...(account === undefined ? {} : { account }),
    ...(signer === undefined ? {} : { signer }),
  }),
});

const ENDS = ["canceled", ...CANCELED_BY_SYSTEM] as const;

type End = { readonly status: (typeof ENDS)[number]; readonly count?: number };

export const endOrders = kind<End>({
  inside: true,
  to: ["account"],
  paper: {
    parameters: "`status`, `count` (all)",
    happens: "live orders end with this word, oldest first, without having been asked to",
  },
  read: (fault) => ({
    status: fault.word("status", ENDS),
    ...(fault.has("count") ? { count: fault.whole("count", COUNT) } : {}),
  }),
  block: ({ status, count = Number.POSITIVE_INFINITY, to: { account } }) => ({
    kind: "endOrders",
    status,
    count,
    ...(account === undefined ? {} : { account }),
  }),
});
