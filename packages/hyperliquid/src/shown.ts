const MAY_BE_A_KEY = /[0-9a-fA-F]{64}/;
const CREDENTIALS = /\/\/[^/@\s]*@/;

/** What was given, as errors may repeat it: a key in the wrong place and credentials in a URL are left out. */
export function shown(given: unknown): unknown {
  if (typeof given !== "string") return given;
  if (MAY_BE_A_KEY.test(given)) return "not shown, it may be a key";
  return given.replace(CREDENTIALS, "//");
}
