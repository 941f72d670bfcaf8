import { type ChainId, coinOf, InputError, namesChain, quote } from "@clew/core";
import { type OutcomeSense, outcomeSense } from "./outcome-columns.js";

const COIN_COLUMN = /^(Value_IN|Value_OUT|Value|TxnFee)\(([^()]+)\)$/;
const TOKEN_ID = /^token[ _]?ids?$/i;
const TOKEN_TYPE = /^(token[ _]?(type|standard)|event[ _]?type|erc[ _]?type|standard)$/i;
const NFT_FLAG = /^(is[ _]?)?(erc[-_ ]?(721|1155)|nft)$/i;
const TIME = /^(unix[ _]?timestamp|timestamp|block[ _]?time(stamp)?|date[ _]?time( ?\(utc\))?)$/i;
const BLOCK_HASH = /^block[ _]?hash$/i;

/** Names that sources have for one thing, without marks and in lower case; each must agree with the others that a row fills. */
const ONE_THING: readonly (readonly string[])[] = [
	["hash", "transactionhash", "txhash"],
	["blocknumber", "blockno", "blockheight"],
	["from", "fromaddress"],
	["to", "toaddress"],
	["value", "valuewei", "valuelossless"],
	["transactionindex", "txindex"],
	["gasused", "receiptgasused"],
	["tokendecimal", "tokendecimals", "decimals"],
	["txreceiptstatus", "receiptstatus", "status"],
];
/** The status of a call is not its transaction's, though a bare one beside a receipt's is. */
const NO_RECEIPT = "status";

/** Where the columns of a file stand: those of formats by one name however the file spells it, and those that any format may have. */
export interface Columns {
	readonly header: readonly string[];
	readonly places: ReadonlyMap<string, number>;
	/** Where what formats know by a name stands: its own column first, then others for the same thing; none without its own. */
	alike(name: string): readonly number[];
	/** Columns that name the row's chain. */
	readonly chains: readonly number[];
	readonly blockHashes: readonly number[];
	/** Columns with the coin in their names, and those coins. */
	readonly coins: readonly { readonly column: string; readonly symbol: string }[];
	readonly tokenIds: readonly number[];
	readonly tokenTypes: readonly number[];
	readonly nftFlags: readonly number[];
	readonly times: readonly number[];
	/** Columns that tell whether something succeeded, without those of these names. */
	outcomesBeside(own: readonly string[]): readonly { readonly place: number; readonly sense: OutcomeSense }[];
}

/** The name by which formats know a column: `Value_IN(BNB)` is `Value_IN(coin)`, and `tokenId` is `tokenID`. */
export function columnName(column: string): string {
	if (TOKEN_ID.test(column)) return "tokenID";
	const [, name, symbol] = COIN_COLUMN.exec(column) ?? [];
	return name === undefined || symbol === "USD" ? column : `${name}(coin)`;
}

/** Finds the columns of a header. */
export function columnsOf(header: readonly string[]): Columns {
	const all = (pattern: RegExp) => header.flatMap((column, i) => (pattern.test(column) ? [i] : []));
	const places = new Map(header.map((column, i) => [columnName(column), i]));
	const known = new Map<string, readonly number[]>();
	const beside = new Map<readonly string[], ReturnType<Columns["outcomesBeside"]>>();
	return {
		header,
		places,
		alike(name) {
			const found = known.get(name) ?? alikeIn(header, name, places.get(name));
			known.set(name, found);
			return found;
		},
		chains: header.flatMap((column, i) => (namesChain(column) ? [i] : [])),
		blockHashes: all(BLOCK_HASH),
		coins: header.flatMap((column) => {
			const symbol = COIN_COLUMN.exec(column)?.[2];
			return symbol === undefined || symbol === "USD" ? [] : [{ column, symbol }];
		}),
		tokenIds: all(TOKEN_ID),
		tokenTypes: all(TOKEN_TYPE),
		nftFlags: all(NFT_FLAG),
		times: all(TIME),
		outcomesBeside(own) {
			const found = beside.get(own) ?? outcomesIn(header, own.map(plain));
			beside.set(own, found);
			return found;
		},
	};
}

/** A name however it is styled: `block_number` is `blockNumber`. */
const plain = (name: string) =>
	columnName(name)
		.toLowerCase()
		.replace(/[\s_-]+/g, "");

function outcomesIn(header: readonly string[], own: readonly string[]): ReturnType<Columns["outcomesBeside"]> {
	return header.flatMap((column, place) => {
		const name = plain(column);
		const sense = own.includes(name) ? undefined : outcomeSense(name);
		return sense === undefined ? [] : [{ place, sense }];
	});
}

function alikeIn(header: readonly string[], name: string, own: number | undefined): readonly number[] {
	if (own === undefined) return [];
	// Times are written in ways that no comparison of cells sees through: those that differ are named, see `otherTime`.
	if (TIME.test(name)) return [own];
	const bare = plain(name);
	const names = bare === NO_RECEIPT ? [bare] : (ONE_THING.find((one) => one.includes(bare)) ?? [bare]);
	return [own, ...header.flatMap((column, i) => (i !== own && names.includes(plain(column)) ? [i] : []))];
}

/**
 * The cell of the first of these columns that is filled, else of the first that exists; undefined when none exists. Throws InputError
 * when two that tell one thing differ, in whatever spelling of names and numbers.
 */
export function cellAt({ header }: Pick<Columns, "header">, cells: readonly string[], places: readonly number[]): string | undefined {
	let told: number | undefined;
	for (const place of places) {
		const cell = cells[place] ?? "";
		if (cell === "") continue;
		if (told === undefined) told = place;
		else if (sameCell(cell) !== sameCell(cells[told] ?? ""))
			throw new InputError(
				`column ${header[place]}: expected what column ${header[told]} says, ${quote(cells[told] ?? "")}, found ${quote(cell)}`,
			);
	}
	const [first] = places;
	return first === undefined ? undefined : (cells[told ?? first] ?? "");
}

/** A cell in one spelling: hex in lower case, numbers without zeros that say nothing, outcomes as 0 and 1. */
function sameCell(text: string): string {
	if (/^(true|success(ful)?|succeeded|ok|0x1)$/i.test(text)) return "1";
	if (/^(false|fail(ed)?|error|reverted|0x0)$/i.test(text)) return "0";
	if (/^0x[0-9a-f]*$/i.test(text)) return text.toLowerCase();
	return /^0*([0-9]+)(?:\.0+)?$/.exec(text)?.[1] ?? text;
}

/** True for a symbol of the chain's own coin; any symbol may be that of a chain that Clew has no name for. */
export function isCoinOf(symbol: string, chain: ChainId): boolean {
	const coin = coinOf(chain);
	return !coin.known || [coin.symbol, ...(coin.otherSymbols ?? [])].some((known) => known.toLowerCase() === symbol.toLowerCase());
}
