import { badField, type Decoded, ok, readRows } from "./decoded.ts";
import type { SpotListing, SpotMeta, SpotToken } from "./info.ts";
import { isRecord, readWhole } from "./json.ts";

/** Spot pairs and tokens; both carry their own index (protocol §8.1). */
export function decodeSpotMeta(body: unknown): Decoded<SpotMeta> {
  if (!isRecord(body)) return badField("the body", body);
  if (!Array.isArray(body["universe"])) return badField("universe", body["universe"]);
  if (!Array.isArray(body["tokens"])) return badField("tokens", body["tokens"]);
  const pairs = readRows(body["universe"], readPair);
  const tokens = readRows(body["tokens"], readToken);
  return ok({
    universe: pairs.rows,
    tokens: tokens.rows,
    broken: [...pairs.broken, ...tokens.broken],
  });
}

function readPair(element: unknown): Decoded<SpotListing> {
  if (!isRecord(element)) return badField("the pair", element);
  const name = element["name"];
  if (typeof name !== "string" || name === "") return badField("name", name);
  const index = readWhole(element["index"]);
  if (index === undefined) return badField("index", element["index"]);
  const tokens = Array.isArray(element["tokens"]) ? element["tokens"] : [];
  const base = readWhole(tokens[0]);
  const quote = readWhole(tokens[1]);
  return base === undefined || quote === undefined
    ? badField("tokens", element["tokens"])
    : ok({ name, index, base, quote });
}

function readToken(element: unknown): Decoded<SpotToken> {
  if (!isRecord(element)) return badField("the token", element);
  const name = element["name"];
  if (typeof name !== "string" || name === "") return badField("name", name);
  const index = readWhole(element["index"]);
  if (index === undefined) return badField("index", element["index"]);
  const sizeDecimals = readWhole(element["szDecimals"]);
  return sizeDecimals === undefined
    ? badField("szDecimals", element["szDecimals"])
    : ok({ name, index, sizeDecimals });
}
