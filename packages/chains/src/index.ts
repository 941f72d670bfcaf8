export { type RpcOptions, redactUrl } from "./evm/rpc-client.js";
export { openEvmSource } from "./evm/source.js";
export * from "./import/index.js";
