import {
	type AssetId,
	type ChainId,
	EVENT_BAND,
	GWEI,
	type Hash,
	nativeAsset,
	nullAccount,
	type TransactionRecord,
	type TransferRecord,
	trustedAccountId,
	unknownAccount,
} from "@clew/core";
import { RLP } from "@ethereumjs/rlp";
import { getBytes, keccak256, sha256 } from "ethers";
import type { RpcBlock } from "./shapes.js";

/** Hash over no atomic transactions: of RLP's empty string. */
const NONE = keccak256(RLP.encode(new Uint8Array(0)));
/** What headers had in its place before Apricot Phase 1, when they held no atomic transactions. */
const NOT_HELD = `0x${"0".repeat(64)}`;
/** AVAX on Avalanche's networks, by network number. */
const AVAX: ReadonlyMap<number, string> = new Map([
	[1, "21e67317cbc4be2aeb00677ad6462778a8f52274b9d605df2591b23027a87dff"],
	[5, "3d9bdac0ed1d761330cf680efdeb1a42159eb387d6d2950c96f7d28f61bbe2aa"],
]);

/** Numbers of the codec's types (coreth, "Atomic transaction format"). */
const TYPES = { import: 0, export: 1, transferInput: 5, transferOutput: 7, credential: 9 } as const;
const SIZE = { short: 2, int: 4, long: 8, address: 20, id: 32, signature: 65 } as const;

/** Coin or another asset that an account gets from another chain, or gives to it; coin in nAVAX. */
interface Flow {
	readonly address: string;
	readonly amount: bigint;
	readonly asset: string;
}

interface AtomicTransaction {
	readonly kind: "import" | "export";
	readonly network: number;
	readonly flows: readonly Flow[];
	/** Hex of SHA-256 of its bytes. */
	readonly id: string;
}

/** Atomic transactions of a block as records behind its own ones, with what is not known of them in words. */
export interface AtomicRecords {
	readonly transactions: readonly TransactionRecord[];
	readonly gaps: readonly string[];
}

/**
 * What a block of Avalanche's C-Chain moves from and to the other chains of its network: atomic transactions stand beside the block's
 * own, below a hash in its header. An import mints coin for accounts, an export burns what it takes of each, its fee included; whose it is
 * on the other chain is not known here. Empty for other chains' blocks.
 */
export function atomicTransactions(chain: ChainId, block: RpcBlock): AtomicRecords {
	const told = block.blockExtraData ?? "0x";
	const stated = block.extDataHash?.toLowerCase();
	if (stated === undefined || (stated === NONE && told === "0x")) return { transactions: [], gaps: [] };
	if (stated !== NOT_HELD && told === "0x")
		return { transactions: [], gaps: ["the node left out atomic transactions (blockExtraData): imports and exports are missing"] };
	const gaps = new Set<string>();
	if (stated === NOT_HELD) gaps.add("the header holds no atomic transactions yet: imports and exports are this node's word");
	const bytes = getBytes(told);
	const atomic = bytes.length === 0 ? [] : readAtomic(bytes);
	if (atomic === undefined)
		return { transactions: [], gaps: [...gaps, "atomic transactions of a form that is not known: imports and exports are missing"] };
	const records = atomic.map((tx, i) => recordOf(chain, block, tx, block.transactions.length + i, gaps));
	return { transactions: records, gaps: [...gaps] };
}

/** Whether what the node tells of atomic transactions gives the hash in the header; `lie` throws. Nothing where the node leaves it out. */
export function checkAtomic(block: RpcBlock, lie: (what: string) => never): void {
	const { extDataHash, blockExtraData } = block;
	const stated = extDataHash?.toLowerCase();
	if (stated === undefined || stated === NOT_HELD || blockExtraData == null || blockExtraData === "0x") return;
	const computed = keccak256(RLP.encode(getBytes(blockExtraData)));
	if (computed !== stated) lie(`the hash of its atomic transactions is ${stated}, but what the node sent gives ${computed}`);
}

function recordOf(chain: ChainId, block: RpcBlock, tx: AtomicTransaction, txIndex: number, gaps: Set<string>): TransactionRecord {
	const asset: AssetId = nativeAsset(chain);
	const none = nullAccount(chain);
	const transfers: TransferRecord[] = [];
	for (const flow of tx.flows) {
		if (flow.asset !== AVAX.get(tx.network)) {
			gaps.add(`atomic transactions move assets other than AVAX, which are not followed: ${flow.asset}`);
			continue;
		}
		const account = trustedAccountId(chain, `0x${flow.address}`);
		const amount = flow.amount * GWEI;
		if (amount === 0n) continue;
		const eventIndex = EVENT_BAND.internal + transfers.length;
		if (tx.kind === "import") transfers.push({ kind: "mint", from: none, to: account, asset, amount, eventIndex });
		else transfers.push({ kind: "burn", from: account, to: unknownAccount(chain), asset, amount, eventIndex });
	}
	return { hash: tx.id as Hash, height: Number(block.number), txIndex, status: "succeeded", transfers };
}

/**
 * Atomic transactions of a block's bytes: one, before Apricot Phase 5, or a list. Of both readings the one that takes every byte; undefined
 * where none does.
 */
function readAtomic(bytes: Uint8Array): readonly AtomicTransaction[] | undefined {
	return attempt(bytes, (reader) => [reader.transaction()]) ?? attempt(bytes, (reader) => reader.list(() => reader.transaction()));
}

function attempt<T>(bytes: Uint8Array, read: (reader: Reader) => T): T | undefined {
	try {
		const reader = new Reader(bytes);
		if (reader.number(SIZE.short) !== 0) return undefined;
		const found = read(reader);
		return reader.isAtEnd() ? found : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Reads the linear codec: numbers big-endian, lists behind their lengths. Throws RangeError behind the end, and at types it does not know.
 */
class Reader {
	private at = 0;

	constructor(private readonly bytes: Uint8Array) {}

	isAtEnd(): boolean {
		return this.at === this.bytes.length;
	}

	number(size: number): number {
		return Number(this.long(size));
	}

	transaction(): AtomicTransaction {
		const from = this.at;
		const type = this.number(SIZE.int);
		if (type !== TYPES.import && type !== TYPES.export) throw new RangeError("no atomic transaction");
		const network = this.number(SIZE.int);
		this.take(2 * SIZE.id);
		const flows = type === TYPES.import ? this.imported() : this.exported();
		this.list(() => {
			this.expect(TYPES.credential);
			this.list(() => this.take(SIZE.signature));
		});
		const id = sha256(new Uint8Array([0, 0, ...this.bytes.subarray(from, this.at)]));
		return { kind: type === TYPES.import ? "import" : "export", network, flows, id };
	}

	list<T>(read: () => T): T[] {
		const count = this.number(SIZE.int);
		if (count > this.bytes.length) throw new RangeError("a list longer than the bytes");
		return Array.from({ length: count }, read);
	}

	private imported(): Flow[] {
		this.list(() => {
			this.take(SIZE.id + SIZE.int + SIZE.id);
			this.expect(TYPES.transferInput);
			this.take(SIZE.long);
			this.list(() => this.take(SIZE.int));
		});
		return this.list(() => this.flow());
	}

	private exported(): Flow[] {
		const flows = this.list(() => {
			const flow = this.flow();
			this.take(SIZE.long);
			return flow;
		});
		this.list(() => {
			this.take(SIZE.id);
			this.expect(TYPES.transferOutput);
			this.take(SIZE.long + SIZE.long + SIZE.int);
			this.list(() => this.take(SIZE.address));
		});
		return flows;
	}

	private flow(): Flow {
		const address = hexOf(this.take(SIZE.address));
		const amount = this.long(SIZE.long);
		return { address, amount, asset: hexOf(this.take(SIZE.id)) };
	}

	private expect(type: number): void {
		if (this.number(SIZE.int) !== type) throw new RangeError("a type that is not known");
	}

	private long(size: number): bigint {
		return BigInt(`0x${hexOf(this.take(size))}`);
	}

	private take(size: number): Uint8Array {
		const part = this.bytes.subarray(this.at, this.at + size);
		if (part.length < size) throw new RangeError("the bytes end in the middle");
		this.at += size;
		return part;
	}
}

function hexOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
