/** What `Transaction.Contract.ContractType` calls the numbers (java-tron, protocol/core/Tron.proto). */
export const CONTRACT_TYPES: Readonly<Record<number, string>> = {
	0: "AccountCreateContract",
	1: "TransferContract",
	2: "TransferAssetContract",
	3: "VoteAssetContract",
	4: "VoteWitnessContract",
	5: "WitnessCreateContract",
	6: "AssetIssueContract",
	8: "WitnessUpdateContract",
	9: "ParticipateAssetIssueContract",
	10: "AccountUpdateContract",
	11: "FreezeBalanceContract",
	12: "UnfreezeBalanceContract",
	13: "WithdrawBalanceContract",
	14: "UnfreezeAssetContract",
	15: "UpdateAssetContract",
	16: "ProposalCreateContract",
	17: "ProposalApproveContract",
	18: "ProposalDeleteContract",
	19: "SetAccountIdContract",
	20: "CustomContract",
	30: "CreateSmartContract",
	31: "TriggerSmartContract",
	32: "GetContract",
	33: "UpdateSettingContract",
	41: "ExchangeCreateContract",
	42: "ExchangeInjectContract",
	43: "ExchangeWithdrawContract",
	44: "ExchangeTransactionContract",
	45: "UpdateEnergyLimitContract",
	46: "AccountPermissionUpdateContract",
	48: "ClearABIContract",
	49: "UpdateBrokerageContract",
	51: "ShieldedTransferContract",
	52: "MarketSellAssetContract",
	53: "MarketCancelOrderContract",
	54: "FreezeBalanceV2Contract",
	55: "UnfreezeBalanceV2Contract",
	56: "WithdrawExpireUnfreezeContract",
	57: "DelegateResourceContract",
	58: "UnDelegateResourceContract",
	59: "CancelAllUnfreezeV2Contract",
};

/** The types that are read by name. */
export const TYPE = {
	transfer: 1,
	transferAsset: 2,
	assetIssue: 6,
	participate: 9,
	accountUpdate: 10,
	withdrawBalance: 13,
	unfreezeAsset: 14,
	setAccountId: 19,
	create: 30,
	trigger: 31,
	exchangeCreate: 41,
	exchangeInject: 42,
	exchangeWithdraw: 43,
	exchangeTransaction: 44,
	permissions: 46,
	shielded: 51,
	marketSell: 52,
	marketCancel: 53,
} as const;

/**
 * Types that change nobody's money but by their fee: votes, settings and names, and all of staking. Who stakes TRX, takes them back or
 * lends the energy and bandwidth that they give stays their owner: a stake is part of what its account holds.
 */
export const MOVES_NOTHING: ReadonlySet<number> = new Set([
	0, 3, 4, 5, 8, 10, 11, 12, 15, 16, 17, 18, 19, 33, 45, 48, 49, 54, 55, 56, 57, 58, 59,
]);
