import { nullAccount } from "./chain-family/accounts.js";
import { isKeyless, type ScriptType } from "./chain-family/bitcoin/address.js";
import { MAX_MONEY } from "./chain-family/bitcoin/networks.js";
import { InputError } from "./errors.js";
import { quote } from "./hostile-text.js";
import { type AccountId, addressOf, type ChainId, chainOf, type Hash, trustedAccountId } from "./ids.js";
import { MAX_EVENT_INDEX, MAX_TX_INDEX } from "./position.js";
import type { BlockHeader, ProvenanceTier } from "./transfer.js";

/** An output named by the transaction that made it. */
export interface Outpoint {
	readonly txid: Hash;
	readonly vout: number;
}

/** What an output holds: satoshi, who may spend it, and how. */
export interface OutputFacts {
	readonly value: bigint;
	/** The account of its address; of its script where there is no address; the null account where nobody can spend it. */
	readonly account: AccountId;
	readonly scriptType: ScriptType;
}

/** An output as a source tells of it. */
export interface OutputRecord extends OutputFacts {
	/** What an OP_RETURN carries, hex, at most {@link MAX_DATA_BYTES} bytes. Written by anybody: hostile. */
	readonly data?: string;
}

/**
 * What the signatures of an input agreed to; stores keep it by its place here. `all-inputs`: some signature covers every input, so its
 * signer knew them all. `own-input`: none does (SIGHASH_ANYONECANPAY), so strangers may have added the others. `nothing`: it was spent
 * without any signature, so nobody's key is behind it.
 */
export const SIGNATURE_SCOPES = ["all-inputs", "own-input", "nothing"] as const;
export type SignatureScope = (typeof SIGNATURE_SCOPES)[number];

/** An input as a source tells of it; `previous` when the source tells what it spends, `signed` when it tells its script and witness. */
export interface InputRecord {
	readonly outpoint: Outpoint;
	readonly sequence: number;
	readonly previous?: OutputFacts;
	readonly signed?: SignatureScope;
}

/** A Bitcoin transaction as a source tells of it. A coinbase has no inputs. Without `txIndex` its place in the block is unknown. */
export interface UtxoRecord {
	readonly txid: Hash;
	readonly height: number;
	readonly txIndex?: number;
	/** 0, with a locktime of 0, where the source does not tell them; see {@link tellsVersion}. */
	readonly version: number;
	readonly locktime: number;
	readonly coinbase: boolean;
	readonly inputs: readonly InputRecord[];
	readonly outputs: readonly OutputRecord[];
}

/** A whole block: its transactions in order. */
export interface UtxoBlock {
	readonly header: BlockHeader;
	readonly transactions: readonly UtxoRecord[];
}

/** Where a transaction stands. */
export interface TransactionPlace {
	readonly height: number;
	readonly txIndex: number;
}

/** Where an output (or input) stands: its transaction's place and its index there. */
export interface OutputPlace extends TransactionPlace {
	readonly index: number;
}

/**
 * An input as the case knows it. `place` is the spent output's when the case holds it; `previous` what it spent, undefined when nobody
 * told.
 */
export interface UtxoInput {
	readonly sequence: number;
	readonly place?: OutputPlace;
	/** Only for outputs that the case does not hold; {@link OutputReader.txids} names the others. */
	readonly outpoint?: Outpoint;
	readonly previous?: OutputFacts;
	/** Undefined when no source told. */
	readonly signed?: SignatureScope;
}

/** An output as the case knows it; `spender` is the input that spends it. */
export interface UtxoOutput extends OutputRecord {
	readonly spender?: OutputPlace;
}

/** A Bitcoin transaction as the case knows it. */
export interface UtxoTransaction extends TransactionPlace {
	readonly txid: Hash;
	/** False when no source told its place in the block. */
	readonly indexed: boolean;
	readonly version: number;
	readonly locktime: number;
	readonly coinbase: boolean;
	readonly inputs: readonly UtxoInput[];
	readonly outputs: readonly UtxoOutput[];
	readonly provenance: ProvenanceTier;
	readonly source: string;
}

/** An output that pays an account. */
export interface AccountOutput extends OutputFacts {
	readonly place: OutputPlace;
	readonly spender?: OutputPlace;
}

/** A transaction or an address that a person took out of the clustering, and why. `heuristic` empty: every heuristic. */
export interface ClusterCut {
	readonly subject: string;
	readonly heuristic: string;
	readonly note: string;
	readonly at: string;
}

/** A transaction named with its chain. */
export interface NamedTransaction {
	readonly chain: ChainId;
	readonly txid: Hash;
}

/** Longest OP_RETURN payload that is kept; longer ones are cut. Standard ones were 80 bytes until 2025. */
export const MAX_DATA_BYTES = 256;
/** A block some of whose inputs spend outputs that neither the case holds nor a source told. */
export const UNKNOWN_PREVIOUS_GAP = "some of its inputs spend outputs that are not known: their value and owner are missing";
/** Heights up to here keep an output's place exact in a double: 2^23 blocks are 160 years. */
export const MAX_UTXO_HEIGHT = 2 ** 23 - 1;

/** A transaction's place as one number that sorts like it. */
export function placeKey({ height, txIndex }: TransactionPlace): number {
	return height * (MAX_TX_INDEX + 1) + txIndex;
}

/** The place of a {@link placeKey}. */
export function placeOf(key: number): TransactionPlace {
	return { height: Math.floor(key / (MAX_TX_INDEX + 1)), txIndex: key % (MAX_TX_INDEX + 1) };
}

/** An output's place as one number, below 2^53, that sorts like it. */
export function outputKey(place: OutputPlace): number {
	return placeKey(place) * (MAX_EVENT_INDEX + 1) + place.index;
}

/** Before every output. */
export const FIRST_OUTPUT: OutputPlace = { height: 0, txIndex: 0, index: 0 };

/**
 * False where no source told a transaction's version and locktime: both are then 0. A version of 0 is legal and next to unused; such a
 * transaction counts as untold, too.
 */
export function tellsVersion({ version, locktime }: { readonly version: number; readonly locktime: number }): boolean {
	return version !== 0 || locktime !== 0;
}

/** `txid:n`, the form in which outputs are named everywhere. */
export function formatOutpoint({ txid, vout }: Outpoint): string {
	return `${txid}:${vout}`;
}

/** Parses `txid:n`. Throws InputError. */
export function parseOutpoint(text: string): Outpoint {
	const match = /^([0-9a-fA-F]{64}):([0-9]{1,5})$/.exec(text);
	if (!match?.[1]) throw new InputError(`${quote(text)} is not an outpoint such as <txid>:0`);
	const vout = Number(match[2]);
	if (vout > MAX_EVENT_INDEX) throw new InputError(`${quote(text)}: no transaction has that many outputs`);
	return { txid: match[1].toLowerCase() as Hash, vout };
}

/** The node of a transaction in a picture or a list of edges: money of several inputs is one there. */
export function transactionNode(chain: ChainId, txid: Hash): AccountId {
	return trustedAccountId(chain, `tx-${txid}`);
}

/** True for the node of a transaction. */
export function isTransactionNode(account: AccountId): boolean {
	return addressOf(account).startsWith("tx-");
}

/** Whose an output is: nobody's where no key guards it. */
export function ownerOf({ account, scriptType }: OutputFacts): AccountId | undefined {
	return isKeyless(scriptType) || account === nullAccount(chainOf(account)) ? undefined : account;
}

/** Whose the coin is that an input spends; undefined when that is unknown, or it is nobody's. */
export function spenderOf({ previous, signed }: Pick<UtxoInput, "previous" | "signed">): AccountId | undefined {
	return previous === undefined || signed === "nothing" ? undefined : ownerOf(previous);
}

/** Sum of the values of outputs, in satoshi. */
export function sumValues(outputs: readonly Pick<OutputFacts, "value">[]): bigint {
	let sum = 0n;
	for (const output of outputs) sum += output.value;
	return sum;
}

/** What the inputs are worth, in satoshi; undefined when a previous output is unknown. */
export function inputValue(inputs: readonly { readonly previous?: OutputFacts }[]): bigint | undefined {
	let sum = 0n;
	for (const { previous } of inputs) {
		if (previous === undefined) return undefined;
		sum += previous.value;
	}
	return sum;
}

/** The fee in satoshi; undefined for a coinbase and when a previous output is unknown. */
export function feeOf(tx: Pick<UtxoTransaction, "coinbase" | "inputs" | "outputs">): bigint | undefined {
	const spent = tx.coinbase ? undefined : inputValue(tx.inputs);
	return spent === undefined ? undefined : spent - sumValues(tx.outputs);
}

/** Adds what a source tells of spent outputs, by `txid:n`, to a block's inputs. */
export function withPrevious(block: UtxoBlock, previous: ReadonlyMap<string, OutputFacts>): UtxoBlock {
	if (previous.size === 0) return block;
	const transactions = block.transactions.map((tx) => ({
		...tx,
		inputs: tx.inputs.map((input) => {
			const facts = previous.get(formatOutpoint(input.outpoint));
			return facts === undefined ? input : { ...input, previous: facts };
		}),
	}));
	return { ...block, transactions };
}

/** Refuses what consensus refuses in a single transaction, as far as money goes. Throws InputError. */
export function checkUtxoRecord(tx: UtxoRecord): void {
	const refuse = (what: string): never => {
		throw new InputError(`transaction ${tx.txid}: ${what}`);
	};
	if (tx.outputs.length === 0) refuse("has no output");
	if (!tx.coinbase && tx.inputs.length === 0) refuse("has no input");
	if (tx.outputs.length > MAX_EVENT_INDEX || tx.inputs.length > MAX_EVENT_INDEX)
		refuse(`has more than ${MAX_EVENT_INDEX} inputs or outputs`);
	if ((tx.txIndex ?? 0) >= MAX_TX_INDEX) refuse(`stands at or beyond transaction ${MAX_TX_INDEX} of its block`);
	if (!Number.isInteger(tx.height) || tx.height < 0 || tx.height > MAX_UTXO_HEIGHT) refuse(`height ${tx.height} is out of range`);
	for (const { value } of tx.outputs) if (value < 0n || value > MAX_MONEY) refuse(`an output of ${value} satoshi`);
	for (const { previous } of tx.inputs)
		if (previous !== undefined && previous.value > MAX_MONEY) refuse(`an input of ${previous.value} satoshi`);
	if (sumValues(tx.outputs) > MAX_MONEY) refuse("its outputs exceed 21 million bitcoin");
	const spent = new Set(tx.inputs.map((input) => formatOutpoint(input.outpoint)));
	if (spent.size < tx.inputs.length) refuse("spends an output twice");
	const told = tx.coinbase ? undefined : inputValue(tx.inputs);
	if (told !== undefined && told < sumValues(tx.outputs))
		refuse(`its outputs exceed its inputs by ${sumValues(tx.outputs) - told} satoshi`);
}
