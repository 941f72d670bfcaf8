export type { HttpOptions } from "./bitcoin/http.js";
export * from "./bitcoin/index.js";
export { openBitcoinSource } from "./bitcoin/open.js";
export { type EndpointOptions, openEndpoints } from "./endpoints.js";
export { etherscanHistory } from "./evm/etherscan-history.js";
export { type NewHeads, newHeads } from "./evm/new-heads.js";
export { openEvmSource } from "./evm/open.js";
export type { RpcOptions } from "./evm/rpc-client.js";
export * from "./import/index.js";
