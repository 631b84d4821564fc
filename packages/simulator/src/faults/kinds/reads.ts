import { kind, MS } from "../fault-kind.ts";

/** What reads show. */

type Lag = { readonly ms: number } | { readonly blocks: number };

/** Further back the exchange does not remember itself. */
const LAG_MAX_MS = 30_000;
const LAG_MAX_BLOCKS = 400;

export const lagReads = kind<Lag>({
  inside: true,
  to: ["account", "type", "path"],
  paper: {
    parameters: "`ms` or `blocks`",
    happens: "a read shows what was true so long ago: all of it of one moment",
  },
  read: (fault) =>
    fault.has("blocks")
      ? { blocks: fault.whole("blocks", { min: 1, max: LAG_MAX_BLOCKS }) }
      : { ms: fault.whole("ms", { min: 1, max: LAG_MAX_MS }) },
  reading: (lag) => ("ms" in lag ? { lagMs: lag.ms } : { lagBlocks: lag.blocks }),
});

export const unknownOid = kind<{ readonly ms: number }>({
  inside: true,
  to: ["account", "path"],
  paper: {
    parameters: "`ms`",
    happens: "`orderStatus` does not know an order, answered and told, until it is so old",
  },
  read: (fault) => ({ ms: fault.whole("ms", MS) }),
  reading: ({ ms }, { type }) => (type === "orderStatus" ? { unknownForMs: ms } : undefined),
});
