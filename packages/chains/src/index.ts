export { openEvmSource } from "./evm/open.js";
export type { RpcOptions } from "./evm/rpc-client.js";
export * from "./import/index.js";
