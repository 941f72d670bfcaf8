import { CONTRACT_TYPES } from "../decode/contract-types.js";
import type { Fields, Kind } from "../node/fields.js";

const RESOURCE: Kind = { names: { BANDWIDTH: 0n, ENERGY: 1n, TRON_POWER: 2n } };
const OWNER = { owner_address: [1, "bytes"] } as const;
const KEY: Fields = { fields: { address: [1, "bytes"], weight: [2, "number"] } };
const PERMISSION: Fields = {
	fields: {
		type: [1, { names: { Owner: 0n, Witness: 1n, Active: 2n } }],
		id: [2, "number"],
		permission_name: [3, "text"],
		threshold: [4, "number"],
		parent_id: [5, "number"],
		operations: [6, "bytes"],
		keys: [7, KEY, "repeated"],
	},
};
const VOTE: Fields = { fields: { vote_address: [1, "bytes"], vote_count: [2, "number"] } };
const STAKE: Fields = { fields: { ...OWNER, frozen_balance: [2, "number"], resource: [3, RESOURCE] } };
const LENT = { resource: [2, RESOURCE], balance: [3, "number"], receiver_address: [4, "bytes"] } as const;
const OWNER_ALONE: Fields = { fields: OWNER };

/** The contracts whose JSON is compared with their bytes, by name (java-tron, protocol/core/contract); of others it cannot be. */
export const CONTRACT_FIELDS: Readonly<Record<string, Fields>> = {
	AccountCreateContract: {
		fields: { ...OWNER, account_address: [2, "bytes"], type: [3, { names: { Normal: 0n, AssetIssue: 1n, Contract: 2n } }] },
	},
	TransferContract: { fields: { ...OWNER, to_address: [2, "bytes"], amount: [3, "number"] } },
	TransferAssetContract: {
		fields: { asset_name: [1, "bytes"], owner_address: [2, "bytes"], to_address: [3, "bytes"], amount: [4, "number"] },
	},
	VoteWitnessContract: { fields: { ...OWNER, votes: [2, VOTE, "repeated"], support: [3, "flag"] } },
	AccountUpdateContract: { fields: { account_name: [1, "bytes"], owner_address: [2, "bytes"] } },
	FreezeBalanceContract: {
		fields: {
			...OWNER,
			frozen_balance: [2, "number"],
			frozen_duration: [3, "number"],
			resource: [10, RESOURCE],
			receiver_address: [15, "bytes"],
		},
	},
	UnfreezeBalanceContract: { fields: { ...OWNER, resource: [10, RESOURCE] } },
	WithdrawBalanceContract: OWNER_ALONE,
	TriggerSmartContract: {
		fields: {
			...OWNER,
			contract_address: [2, "bytes"],
			call_value: [3, "number"],
			data: [4, "bytes"],
			call_token_value: [5, "number"],
			token_id: [6, "number"],
		},
	},
	AccountPermissionUpdateContract: {
		fields: { ...OWNER, owner: [2, PERMISSION], witness: [3, PERMISSION], actives: [4, PERMISSION, "repeated"] },
	},
	FreezeBalanceV2Contract: STAKE,
	UnfreezeBalanceV2Contract: { fields: { ...OWNER, unfreeze_balance: [2, "number"], resource: [3, RESOURCE] } },
	WithdrawExpireUnfreezeContract: OWNER_ALONE,
	DelegateResourceContract: { fields: { ...OWNER, ...LENT, lock: [5, "flag"], lock_period: [6, "number"] } },
	UnDelegateResourceContract: { fields: { ...OWNER, ...LENT } },
	CancelAllUnfreezeV2Contract: OWNER_ALONE,
};

/** Fields that hold an address: in base58 where the JSON is `visible`. */
export const ADDRESS_FIELDS: ReadonlySet<string> = new Set([
	...["owner_address", "to_address", "contract_address", "receiver_address", "account_address", "vote_address", "address"],
]);
/** Fields of bytes that stand as plain text where the JSON is `visible`. */
export const NAME_FIELDS: ReadonlySet<string> = new Set(["asset_name", "account_name", "ContractName"]);

const TYPE: Kind = { names: Object.fromEntries(Object.entries(CONTRACT_TYPES).map(([number, name]) => [name, BigInt(number)])) };

/** `Transaction.raw` of one kind of contract. */
export function rawFields(contract: Fields): Fields {
	const any: Fields = { fields: { type_url: [1, "text"], value: [2, contract] } };
	const one: Fields = {
		fields: { type: [1, TYPE], parameter: [2, any], provider: [3, "bytes"], ContractName: [4, "bytes"], Permission_id: [5, "number"] },
	};
	return {
		fields: {
			ref_block_bytes: [1, "bytes"],
			ref_block_num: [3, "number"],
			ref_block_hash: [4, "bytes"],
			expiration: [8, "number"],
			data: [10, "bytes"],
			contract: [11, one, "repeated"],
			scripts: [12, "bytes"],
			timestamp: [14, "number"],
			fee_limit: [18, "number"],
		},
	};
}
