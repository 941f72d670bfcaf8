export type { HttpOptions } from "./bitcoin/http.js";
export * from "./bitcoin/index.js";
export { openBitcoinSource } from "./bitcoin/open.js";
export { openEvmSource } from "./evm/open.js";
export type { RpcOptions } from "./evm/rpc-client.js";
export * from "./import/index.js";
