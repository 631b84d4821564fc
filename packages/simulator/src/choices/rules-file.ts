import { invalidOption } from "@cloister/model";
import { parse } from "yaml";
import { isObject } from "../json.ts";
import { readRules, type RulesOption } from "./rules.ts";

/**
 * Rules as somebody wrote them into a file, in JSON or YAML: one object, as the option `rules` of `createExchange`.
 * @throws invalidOption that names the path of the first unknown key or bad value; the parser's error when it is neither.
 */
export function readRulesFile(text: string): RulesOption {
  const value: unknown = parse(text) ?? {};
  readRules(value, "");
  if (isRules(value)) return value;
  throw invalidOption("rules", value, "must be an object");
}

/** For what was read without complaint. */
function isRules(value: unknown): value is RulesOption {
  return isObject(value);
}
