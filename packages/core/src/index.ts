export * from "./amount.js";
export * from "./block-proof.js";
export * from "./bounded-body.js";
export * from "./breathe.js";
export * from "./call-path.js";
export * from "./canonical.js";
export * from "./case-id.js";
export { namesChain } from "./chain-column.js";
export * from "./chain-family/accounts.js";
export * from "./chain-family/bitcoin/address.js";
export * from "./chain-family/bitcoin/address-script.js";
export { BITCOIN } from "./chain-family/bitcoin/family.js";
export * from "./chain-family/bitcoin/networks.js";
export type { SignedBitcoin } from "./chain-family/bitcoin/signed-transaction.js";
export { isAddress, normalizeAddress, toChecksumAddress, ZERO_ADDRESS } from "./chain-family/evm/address.js";
export * from "./chain-family/evm/chains.js";
export * from "./chain-family/evm/delegation.js";
export * from "./chain-family/evm/entry-points.js";
export { EVM } from "./chain-family/evm/family.js";
export { KNOWN_BRIDGES } from "./chain-family/evm/known-bridges.js";
export { PRIVATE_POOLS, privatePool } from "./chain-family/evm/private-pools.js";
export * from "./chain-family/evm/self-destruct.js";
export * from "./chain-family/evm/user-operation.js";
export * from "./chain-family/evm/wrapped.js";
export * from "./chain-family/family.js";
export * from "./chain-family/freezable.js";
export * from "./chain-family/freeze-call.js";
export * from "./chain-family/freeze-forms.js";
export { KNOWN_TOKENS, logsWhatItMoves, publishedAssets, publishedOtherwise, publishedToken } from "./chain-family/known-tokens.js";
export * from "./chain-family/names.js";
export { impossibleAmount, impossibleHeight, impossibleMoment } from "./chain-family/possible.js";
export {
	chainName,
	coinOf,
	DEFAULT_CHAIN,
	everyChain,
	FAMILIES,
	familyOf,
	keySpaceOf,
	knownFamily,
	ledgerOf,
	parseChainId,
	rulesOf,
} from "./chain-family/registry.js";
export * from "./chain-family/tron/address.js";
export { TRON, TRON_BLACK_HOLE, TRON_MAINNET, TRON_NOBODY } from "./chain-family/tron/family.js";
export * from "./chain-family/tron/permissions.js";
export type { SignedTron } from "./chain-family/tron/signed-transaction.js";
export { hasKnownWorth } from "./chain-family/worth.js";
export * from "./claims.js";
export * from "./conflict.js";
export * from "./counted-assets.js";
export { countOf } from "./counted-words.js";
export * from "./custody.js";
export { type Deadline, deadline } from "./deadline.js";
export * from "./denials.js";
export * from "./domain-subject.js";
export * from "./endpoint.js";
export * from "./error-rates.js";
export * from "./errors.js";
export * from "./event.js";
export { eventsOfKind } from "./event-scan.js";
export { claimsOfFees, FEES_IN_PART, tellsFeesInPart } from "./fee-merge.js";
export { fill } from "./fill-words.js";
export * from "./group-by.js";
export * from "./heap.js";
export { highestBlock } from "./highest-block.js";
export * from "./history-check.js";
export * from "./hostile-text.js";
export * from "./ids.js";
export * from "./imported.js";
export { isoTime } from "./iso-time.js";
export { contradicting, disagree, type Naming, namesInWords, namingOf } from "./label-disagreement.js";
export { LETTER_LOOK_ALIKES } from "./letter-look-alikes.js";
export { keepListing, Listing, listedAccounts } from "./listing.js";
export { compareAllListings, compareBlocks, compareListings } from "./listing-check.js";
export * from "./look-alike.js";
export * from "./median.js";
export * from "./merge.js";
export * from "./nft.js";
export { keepNftRows, type NftRows, type NftsOfTransaction, nftsMovedIn } from "./nft-rows.js";
export * from "./nft-words.js";
export { sameOwner } from "./owner-names.js";
export * from "./placing.js";
export * from "./ports/block-store.js";
export * from "./ports/chain-source.js";
export * from "./ports/fact-store.js";
export * from "./ports/graph-store.js";
export * from "./ports/ledger-reader.js";
export * from "./ports/output-reader.js";
export * from "./ports/record-store.js";
export * from "./position.js";
export * from "./price/feeds.js";
export * from "./price/last-brought.js";
export * from "./price/price.js";
export * from "./price/price-book.js";
export * from "./price/price-records.js";
export * from "./price/price-row.js";
export * from "./price/rational.js";
export * from "./price/trace-values.js";
export * from "./price/unit.js";
export * from "./price/value.js";
export * from "./price/values-json.js";
export * from "./random.js";
export * from "./records.js";
export * from "./revision.js";
export * from "./rules.js";
export { cut, firstFrom, joinRuns, type Run } from "./runs.js";
export * from "./shape-problem.js";
export { type Imitated, imitatedBy, shownSymbol } from "./shown-symbol.js";
export * from "./store-view.js";
export * from "./taken.js";
export * from "./text-order.js";
export * from "./timeline/activity.js";
export * from "./timeline/of-trace.js";
export * from "./timeline/words.js";
export { traceOfParts, traceParts } from "./trace-lines.js";
export * from "./trace-range.js";
export * from "./trace-result.js";
export * from "./transaction-gaps.js";
export * from "./transfer.js";
export * from "./unread-openings.js";
export * from "./unspent-outputs.js";
export * from "./utxo.js";
export * from "./validity.js";
export * from "./what-if.js";
export * from "./whole-block.js";
