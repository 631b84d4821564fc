import { endpointsOfUrl } from "../endpoints.ts";
import { address, oneOf, readFlags, UsageError, wholeNumber } from "../arguments.ts";

/** Where the demo trades: an exchange of its own, or one in another process. */
export type DemoVenue =
  | {
      readonly kind: "own";
      readonly seed: number;
      /** The name of a ready plan or a file; nothing goes wrong by default. */
      readonly faults: string | undefined;
    }
  | {
      readonly kind: "other";
      readonly http: string;
      readonly ws: string;
      readonly signatures: "mainnet" | "testnet";
      readonly keyFile: string;
      /** The account that trades; the key's own address by default. */
      readonly account: string | undefined;
    };

export type DemoOptions = {
  readonly seconds: number;
  readonly json: boolean;
  readonly venue: DemoVenue;
  /** The folder of the journal; none by default. */
  readonly journal: string | undefined;
};

const FLAGS = {
  seconds: { type: "string", default: "20" },
  seed: { type: "string" },
  faults: { type: "string" },
  json: { type: "boolean", default: false },
  exchange: { type: "string" },
  "key-file": { type: "string" },
  account: { type: "string" },
  signatures: { type: "string" },
  journal: { type: "string" },
} as const;

const SEED_MAX = 2 ** 32 - 1;

/** @throws UsageError */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const values = readFlags(args, FLAGS);
  return {
    seconds: wholeNumber("seconds", values.seconds, { min: 1, max: 86_400 }),
    json: values.json,
    venue: values.exchange === undefined ? ownVenue(values) : otherVenue(values.exchange, values),
    journal: values.journal,
  };
}

type Values = {
  readonly [name in "seed" | "faults" | "key-file" | "account" | "signatures"]?: string | undefined;
};

function ownVenue(values: Values): DemoVenue {
  for (const name of ["key-file", "account", "signatures"] as const) {
    if (values[name] !== undefined) throw new UsageError(`--${name} needs --exchange`);
  }
  return {
    kind: "own",
    seed: wholeNumber("seed", values.seed ?? "1", { min: 0, max: SEED_MAX }),
    faults: values.faults,
  };
}

function otherVenue(exchange: string, values: Values): DemoVenue {
  for (const name of ["seed", "faults"] as const) {
    if (values[name] === undefined) continue;
    throw new UsageError(`--${name} belongs to the demo's own exchange, not to --exchange`);
  }
  const keyFile = values["key-file"];
  if (keyFile === undefined) throw new UsageError("--exchange needs --key-file");
  const account = address("account", values.account);
  return {
    kind: "other",
    ...endpointsOfUrl("exchange", exchange),
    // Testnet unless asked otherwise: an order signed for it is worth nothing elsewhere.
    signatures: oneOf("signatures", values.signatures ?? "testnet", ["mainnet", "testnet"]),
    keyFile,
    account,
  };
}
