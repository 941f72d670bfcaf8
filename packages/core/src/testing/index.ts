export { graphStoreContract, type StoreFixture } from "./graph-store-contract.js";
export { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "./memory-ledger.js";
