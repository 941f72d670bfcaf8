const TRANSACTION = `from to gas gasLimit gasPrice maxFeePerGas maxPriorityFeePerGas maxFeePerBlobGas value nonce data input chainId type
	accessList address storageKeys blobs blobVersionedHashes commitments proofs authorizationList yParity r s v`;
/** eth_sendRawTransactionConditional (ERC-7796). */
const CONDITIONAL = "knownAccounts blockNumberMin blockNumberMax timestampMin timestampMax";
/** Private transactions and bundles, as builders of blocks take them. */
const BUNDLES = `tx txs maxBlockNumber preferences fast privacy hints builders calldata logs blockNumber minTimestamp maxTimestamp
	revertingTxHashes droppingTxHashes replacementUuid version inclusion block maxBlock body hash canRevert bundle validity refund
	refundConfig bodyIdx percent metadata originId`;
/** User operations (ERC-4337, versions 0.6 to 0.8). */
const OPERATIONS = `sender initCode callData callGasLimit verificationGasLimit preVerificationGas paymasterAndData signature factory
	factoryData paymaster paymasterVerificationGasLimit paymasterPostOpGasLimit paymasterData eip7702Auth`;
/** wallet_sendCalls (EIP-5792). */
const CALLS = "id calls atomicRequired capabilities optional paymasterService atomic url context policyId";

/** Keys that objects in the parameters of judged methods may have, as they are written: any other may be read by a node, and not here. */
export const KEYS: ReadonlySet<string> = new Set([TRANSACTION, CONDITIONAL, BUNDLES, OPERATIONS, CALLS].join(" ").split(/\s+/));
