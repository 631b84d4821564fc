import { type CancelScope, type CloidMark, parseCloidMark } from "@cloister/model";
import { address, oneOf, readFlags, UsageError, wholeNumber } from "../arguments.ts";
import { endpointsOfNetwork } from "../endpoints.ts";

type Shared = { readonly withinMs: number; readonly coin?: string; readonly json: boolean };

/** Whom to ask: the engine that runs, or the venue itself when none does. */
export type CancelAllOptions = Shared &
  (
    | {
        readonly through: "engine";
        readonly journal: string;
        readonly scope: CancelScope;
        readonly keepReduceOnly: boolean;
      }
    | {
        readonly through: "venue";
        readonly http: string;
        readonly ws: string;
        readonly signatures: "mainnet" | "testnet";
        readonly keyFile: string;
        readonly account: string | undefined;
        readonly vault: string | undefined;
        /** Only orders with this mark; all of the account's without. */
        readonly mark: CloidMark | undefined;
      }
  );

const FLAGS = {
  journal: { type: "string" },
  scope: { type: "string" },
  "keep-reduce-only": { type: "boolean" },
  network: { type: "string" },
  signatures: { type: "string" },
  "key-file": { type: "string" },
  account: { type: "string" },
  vault: { type: "string" },
  mark: { type: "string" },
  coin: { type: "string" },
  seconds: { type: "string", default: "30" },
  json: { type: "boolean", default: false },
} as const;

const OF_ENGINE = ["scope", "keep-reduce-only"] as const;
const OF_VENUE = ["signatures", "key-file", "account", "vault", "mark"] as const;

type Values = ReturnType<typeof readFlags<typeof FLAGS>>;

/** @throws UsageError */
export function readCancelAllOptions(args: readonly string[]): CancelAllOptions {
  const values = readFlags(args, FLAGS);
  const { coin, journal, json, network } = values;
  if ((journal === undefined) === (network === undefined)) {
    throw new UsageError("either --journal of an engine that runs, or --network is needed");
  }
  const withinMs = wholeNumber("seconds", values.seconds, { min: 1, max: 600 }) * 1_000;
  const shared: Shared = { withinMs, json, ...(coin === undefined ? {} : { coin }) };
  if (journal === undefined) return { ...shared, ...venueTerms(network ?? "", values) };
  refuse(values, OF_VENUE, "--network");
  return {
    ...shared,
    through: "engine",
    journal,
    scope: oneOf("scope", values.scope ?? "ours", ["ours", "account"]),
    keepReduceOnly: values["keep-reduce-only"] ?? false,
  };
}

type VenueTerms = Omit<Extract<CancelAllOptions, { through: "venue" }>, keyof Shared>;

function venueTerms(network: string, values: Values): VenueTerms {
  refuse(values, OF_ENGINE, "--journal");
  const keyFile = values["key-file"];
  if (keyFile === undefined) throw new UsageError("--network needs --key-file");
  return {
    through: "venue",
    ...endpointsOfNetwork(network, values.signatures),
    keyFile,
    account: address("account", values.account),
    vault: address("vault", values.vault),
    mark: markOf(values.mark),
  };
}

function refuse(values: Values, names: readonly (keyof Values)[], needs: string): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} needs ${needs}`);
}

function markOf(text: string | undefined): CloidMark | undefined {
  if (text === undefined) return undefined;
  try {
    return parseCloidMark(text);
  } catch (error) {
    throw new UsageError("--mark must be 8 hex digits", { cause: error });
  }
}
