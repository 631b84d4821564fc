/** Which signatures an exchange accepts. Only the source letter differs (protocol §10.1). */
export type SignatureNetwork = "mainnet" | "testnet";
