const HASH = "(?:0x)?[0-9a-f]{64}";
const TYPES = "0x[0-9a-f]{1,2}(?:, 0x[0-9a-f]{1,2}){0,255}";
/** Names of a kind of transaction, or its number. */
const CONTRACT = "(?:[A-Za-z]{3,40}|contract type [0-9]{1,10})";
const LEFT_OUT = "(?:not told|not looked at|and was left out|not known: what it moved was not looked at)";

/** What a block leaves untold, in the words of what decodes it; patterns. */
export const BLOCK_GAPS: readonly string[] = [
	"who receives fees and rewards on this chain is not followed",
	"rewards of uncle blocks are not fetched",
	"the block has uncles, which the node does not list: their rewards, and its miner's part for them, are missing",
	"the node's receipts do not state the rollup's data fee \\(l1Fee\\): fees are lower bounds",
	"this node's word, as it does not come out by any rule known here: [a-z ,]{1,200}",
	`transactions root not recomputed, and what such transactions move beyond value and logs not decoded: type ${TYPES} is not known here`,
	`receipts root not recomputed: receipts of type ${TYPES} are not known here`,
	"the state-sync transaction stands in no root of the block: what it moved is this node's word",
	`the state-sync transaction ${HASH} was told without its (?:receipt|place in the block): what it moved is not here`,
	"internal transfers of the state-sync transaction not fetched: the node does not trace it",
	"internal transfers not fetched: the node (?:offers no traces|could not trace this block)",
	"internal transfers not fetched: the node's traces do not match the block's transactions",
	`internal transfers not fetched: the node's traces contradict the block, first of transaction ${HASH}: [^\\n]{1,400}`,
	`internal transfers not fetched: transaction ${HASH} makes more calls that move value than a transaction has places for`,
	`the authorisations of transaction ${HASH} \\(EIP-7702\\) cannot be read`,
	"the node left out atomic transactions \\(blockExtraData\\): imports and exports are missing",
	"the header holds no atomic transactions yet: imports and exports are this node's word",
	"atomic transactions of a form that is not known: imports and exports are missing",
	"atomic transactions move assets other than AVAX, which are not followed: [0-9a-zA-Z]{1,80}",
	"transactions of type 0x[0-9a-f]{1,2} move what is not decoded: [^\\n]{1,200}",
	"of its logs [0-9]{1,9} stand behind the [0-9]{1,6} that a block has places for: what they tell is not here",
	`${CONTRACT}(?:: [A-Za-z0-9 ,-]{1,80})? (?:is|are|was|in place of its number,) ${LEFT_OUT}`,
	`the info of transaction ${HASH} contradicts it and was not taken \\([^\\n]{1,400}\\): its fee, logs and calls inside are not told`,
	"a call of kind [^\\n]{1,100} is not known: what it moved was not looked at",
	"a value of a call has no number of a token or no place, and was left out",
	`TransactionInfo(?: of [0-9]{1,9} transactions, first of ${HASH},)? is missing: fees, logs and calls inside transactions are not told`,
	"its transactions were told in JSON that does not give their root \\([^\\n]{1,400}\\): nothing shows that they are all, or what came of them",
	"another key than the witness's signed this block: that the witness let it is not shown by the block",
];
