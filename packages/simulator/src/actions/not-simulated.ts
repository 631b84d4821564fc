/**
 * Actions the venue knows and this exchange does not perform: those of protocol §6.2, §8.8 and §10.2, and those that
 * public clients sign. Refused with a text under HTTP 200: a 422 would say that the shape is wrong, and kills some clients.
 */
export const NOT_SIMULATED: ReadonlySet<string> = new Set([
  "CSignerAction",
  "CValidatorAction",
  "agentEnableDexAbstraction",
  "agentSetAbstraction",
  "borrowLend",
  "cDeposit",
  "cWithdraw",
  "claimRewards",
  "convertToMultiSigUser",
  "createVault",
  "linkStakingUser",
  "multiSig",
  "perpDeploy",
  "sendToEvmWithData",
  "spotDeploy",
  "spotUser",
  "tokenDelegate",
  "userDexAbstraction",
  "userPortfolioMargin",
  "userSetAbstraction",
  "validatorL1Stream",
  "vaultDistribute",
  "vaultModify",
]);
