export { graphStoreContract, type StoreFixture } from "./graph-store-contract.js";
export { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "./memory-ledger.js";
export {
	type MemoryOutputsOptions,
	memoryOutputs,
	TEST_NETWORK,
	TEST_UTXO_CHAIN,
	testAddress,
	testAddressNumber,
	testTxid,
	testUtxo,
} from "./memory-outputs.js";
export { memoryRecords } from "./memory-records.js";
export { nftWordsContract } from "./nft-words-contract.js";
export { outpointOf, type RandomUtxoWorld, randomUtxoWorld } from "./random-utxo-world.js";
export { testBlocks, utxoStoreContract } from "./utxo-store-contract.js";
