import { type ChainId, coinOf, namesChain } from "@clew/core";

const COIN_COLUMN = /^(Value_IN|Value_OUT|Value|TxnFee)\(([^()]+)\)$/;
const TOKEN_ID = /^token[ _]?ids?$/i;
const TOKEN_TYPE = /^(token[ _]?(type|standard)|event[ _]?type|erc[ _]?type|standard)$/i;
const NFT_FLAG = /^(is[ _]?)?(erc[-_ ]?(721|1155)|nft)$/i;
const TIME = /^(unix[ _]?timestamp|timestamp|block[ _]?time(stamp)?|date[ _]?time( ?\(utc\))?)$/i;
const BLOCK_HASH = /^block[ _]?hash$/i;

/** Where the columns of a file stand: those of formats by one name however the file spells it, and those that any format may have. */
export interface Columns {
	readonly header: readonly string[];
	readonly places: ReadonlyMap<string, number>;
	/** Columns that name the row's chain. */
	readonly chains: readonly number[];
	readonly blockHash: number | undefined;
	/** Columns with the coin in their names, and those coins. */
	readonly coins: readonly { readonly column: string; readonly symbol: string }[];
	readonly tokenIds: readonly number[];
	readonly tokenTypes: readonly number[];
	readonly nftFlags: readonly number[];
	readonly times: readonly number[];
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
	return {
		header,
		places: new Map(header.map((column, i) => [columnName(column), i])),
		chains: header.flatMap((column, i) => (namesChain(column) ? [i] : [])),
		blockHash: all(BLOCK_HASH)[0],
		coins: header.flatMap((column) => {
			const symbol = COIN_COLUMN.exec(column)?.[2];
			return symbol === undefined || symbol === "USD" ? [] : [{ column, symbol }];
		}),
		tokenIds: all(TOKEN_ID),
		tokenTypes: all(TOKEN_TYPE),
		nftFlags: all(NFT_FLAG),
		times: all(TIME),
	};
}

/** True for a symbol of the chain's own coin; any symbol may be that of a chain that Clew has no name for. */
export function isCoinOf(symbol: string, chain: ChainId): boolean {
	const coin = coinOf(chain);
	return !coin.known || [coin.symbol, ...(coin.otherSymbols ?? [])].some((known) => known.toLowerCase() === symbol.toLowerCase());
}
