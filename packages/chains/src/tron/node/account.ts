import { InputError, quote } from "@clew/core";

/** What an account holds of TRX, in sun. A stake is its owner's: its own, what it lends to others, and what it is taking back. */
export interface TrxHeld {
	/** What it can pay with. */
	readonly liquid: bigint;
	readonly staked: bigint;
	/** Staked, while others have the energy and bandwidth of it. */
	readonly lent: bigint;
	/** Taken back from a stake, and not yet paid out. */
	readonly unfreezing: bigint;
}

/** An account as a node tells it: a contract or not, and what it holds of TRX, or which fields keep that from being known. */
export interface ToldAccount {
	readonly isContract: boolean;
	readonly trx: TrxHeld | { readonly unread: readonly string[] };
}

/** Fields of `Account` and of its `account_resource` (java-tron, protocol/core/Tron.proto) that hold no TRX of the account. */
const NO_TRX: ReadonlySet<string> = new Set([
	...["account_name", "type", "address", "votes", "asset", "assetV2", "asset_optimized", "frozen_supply", "create_time"],
	...["asset_issued_name", "asset_issued_ID", "latest_opration_time", "latest_withdraw_time", "code", "codeHash", "account_id"],
	...["is_witness", "is_committee", "latest_asset_operation_time", "latest_asset_operation_timeV2", "free_net_usage", "net_usage"],
	...["free_asset_net_usage", "free_asset_net_usageV2", "latest_consume_time", "latest_consume_free_time", "net_window_size"],
	...["net_window_optimized", "owner_permission", "witness_permission", "active_permission", "old_tron_power"],
	// Rewards are a movement when they are withdrawn.
	"allowance",
	// Of stakes that others own.
	"acquired_delegated_frozen_balance_for_bandwidth",
	"acquired_delegated_frozenV2_balance_for_bandwidth",
]);
const NO_TRX_RESOURCE: ReadonlySet<string> = new Set([
	...["energy_usage", "latest_consume_time_for_energy", "energy_window_size", "energy_window_optimized", "latest_exchange_storage_time"],
	...["acquired_delegated_frozen_balance_for_energy", "acquired_delegated_frozenV2_balance_for_energy"],
]);

type Part = keyof TrxHeld;
/** Where TRX stand: the part they are, and the field of an entry that says how many; of lists every entry counts. */
const TRX: Readonly<Record<string, readonly [part: Part, inside?: string]>> = {
	balance: ["liquid"],
	frozen: ["staked", "frozen_balance"],
	tron_power: ["staked", "frozen_balance"],
	frozenV2: ["staked", "amount"],
	unfrozenV2: ["unfreezing", "unfreeze_amount"],
	delegated_frozen_balance_for_bandwidth: ["lent"],
	delegated_frozenV2_balance_for_bandwidth: ["lent"],
};
const TRX_RESOURCE: typeof TRX = {
	frozen_balance_for_energy: ["staked", "frozen_balance"],
	delegated_frozen_balance_for_energy: ["lent"],
	delegated_frozenV2_balance_for_energy: ["lent"],
};
/** Fields of entries beside the amount. */
const BESIDE: ReadonlySet<string> = new Set(["type", "expire_time", "unfreeze_expire_time"]);
const RESOURCE = "account_resource";

/**
 * Reads the answer of `getaccount`, whose numbers are digits; an address that was never paid is `{}`. A field that is not known may hold
 * TRX, so that with one the sum is not known. `digits` is the asked address behind its version. Throws InputError for the answer about
 * another account.
 */
export function readAccount(answer: unknown, digits: string): ToldAccount {
	if (!isObject(answer)) throw new InputError("the account is no object");
	const { address, type, [RESOURCE]: resource = {} } = answer;
	const fields = Object.keys(answer);
	if (fields.length > 0 && String(address).toLowerCase() !== `41${digits}`)
		throw new InputError(`the account is ${quote(String(address).slice(0, 42))}, and another was asked for`);
	const held: Record<Part, bigint> = { liquid: 0n, staked: 0n, lent: 0n, unfreezing: 0n };
	const unread = [
		...read(answer, TRX, new Set([...NO_TRX, RESOURCE]), held),
		...(isObject(resource) ? read(resource, TRX_RESOURCE, NO_TRX_RESOURCE, held) : [RESOURCE]),
	];
	return { isContract: type === "Contract", trx: unread.length > 0 ? { unread } : held };
}

/** Adds what fields hold; gives the names of those that are not known, or are not of their form. */
function read(object: Record<string, unknown>, known: typeof TRX, none: ReadonlySet<string>, held: Record<Part, bigint>): string[] {
	return Object.entries(object).flatMap(([name, value]) => {
		if (none.has(name)) return [];
		const place = Object.hasOwn(known, name) ? known[name] : undefined;
		if (place === undefined) return [name.slice(0, 60)];
		const [part, inside] = place;
		const entries = Array.isArray(value) ? value : [value];
		const amounts = entries.map((entry) => (inside === undefined ? amountOf(entry) : amountIn(entry, inside)));
		if (amounts.includes(undefined)) return [name];
		for (const amount of amounts) held[part] += amount ?? 0n;
		return [];
	});
}

function amountOf(value: unknown): bigint | undefined {
	return typeof value === "string" && /^[0-9]{1,19}$/.test(value) ? BigInt(value) : undefined;
}

/** The amount of an entry; one that names none has none. */
function amountIn(entry: unknown, inside: string): bigint | undefined {
	if (!isObject(entry) || Object.keys(entry).some((name) => name !== inside && !BESIDE.has(name))) return undefined;
	return Object.hasOwn(entry, inside) ? amountOf(entry[inside]) : 0n;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
