/** Thresholds of all detectors; docs/heuristics.md says where each comes from. Amounts are base units. */
export interface DetectionParameters {
	/** Victor 2020: what is kept back of a forwarded amount, in wei: the fee. Tokens are forwarded whole. */
	readonly depositTolerance: bigint;
	/** Victor 2020: blocks between receipt and forwarding. */
	readonly depositBlocks: number;
	/** Percent of an address's outflows that must forward whole receipts. */
	readonly depositShare: number;
	/** Deposit addresses that make their target a service. */
	readonly depositsOfService: number;
	/**
	 * Percent of those who forward to a target and got the same asset back from it that make it a contract which people use: an exchange takes
	 * from deposit addresses and pays elsewhere.
	 */
	readonly returnedShare: number;
	/** Distinct senders and distinct receivers of a custodial service. */
	readonly serviceFan: number;
	/**
	 * What a cold wallet gets is at least this many times what the hot one pays in the middle; and whole percent of its money that must come
	 * from there and go back.
	 */
	readonly coldTimes: bigint;
	readonly coldShare: number;
	/** Deposits of one denomination, and distinct accounts on each side, of a mixer's pool. */
	readonly mixerDeposits: number;
	readonly mixerFan: number;
	/** Characters at the start and at the end that a look-alike shares at least, and both together with and without an odd transfer. */
	readonly poisonEnds: number;
	readonly poisonTogether: number;
	readonly poisonTogetherPlain: number;
	/** Characters at one end alone that are enough with an odd transfer: 9 of 150 real pairs share 7 at the end and 0 or 1 at the start. */
	readonly poisonOneEnd: number;
	/** A tiny transfer is below this part of what was paid to the imitated account: 1 / poisonDust. */
	readonly poisonDust: bigint;
	/** Accounts that one receiver drained with the same split. */
	readonly drainerVictims: number;
	/** Percent by which two splits may differ. */
	readonly drainerTolerance: number;
	/** Victor 2020: receivers of an airdrop, and median blocks between its transfers. */
	readonly airdropReceivers: number;
	readonly airdropBlocks: number;
	/** Accounts that let one contract act for them, and different accounts that paid those; receivers of what it takes, at most. */
	readonly sweeperAccounts: number;
	readonly sweeperReceivers: number;
	/** Blocks after which what came has left, and whole percent of it that leaves at least. */
	readonly sweeperBlocks: number;
	readonly sweeperShare: number;
	/** Events of a bridge or a pool that moved what they say. */
	readonly contractEvents: number;
}

export const DEFAULT_DETECTION_PARAMETERS: DetectionParameters = {
	depositTolerance: 10n ** 16n,
	depositBlocks: 3_200,
	depositShare: 90,
	depositsOfService: 3,
	returnedShare: 10,
	serviceFan: 50,
	coldTimes: 20n,
	coldShare: 95,
	mixerDeposits: 10,
	mixerFan: 5,
	poisonEnds: 2,
	poisonTogether: 5,
	poisonTogetherPlain: 8,
	poisonOneEnd: 7,
	poisonDust: 100n,
	drainerVictims: 3,
	drainerTolerance: 1,
	airdropReceivers: 1_000,
	airdropBlocks: 2,
	sweeperAccounts: 3,
	sweeperReceivers: 3,
	sweeperBlocks: 5,
	sweeperShare: 90,
	contractEvents: 1,
};
