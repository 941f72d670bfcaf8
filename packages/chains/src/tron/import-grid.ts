import {
	type AccountId,
	addressOf,
	type ChainId,
	type GraphStore,
	type Hash,
	InputError,
	nullAccount,
	parseAsset,
	publishedToken,
	type TransferRecord,
	tronAddress,
	tronDigits,
	trustedAccountId,
} from "@clew/core";
import type { BlockOf, RowImport } from "../family.js";
import type { Format } from "../import/format.js";
import { withRecords } from "../import/records.js";
import type { ParsedRow, Row } from "../import/row.js";
import { looksLikeJson } from "../import/text-file.js";
import { GRID_LIST } from "../import/trongrid-pages.js";
import { Addresses } from "./decode/accounts.js";
import { readTransaction, type TronTransaction } from "./decode/block.js";
import { readContract } from "./decode/contracts.js";
import type { TransactionInfo } from "./decode/info.js";
import { internalTransfers } from "./decode/internal.js";
import { message } from "./decode/wire-writer.js";
import { bytesOf, RESULT, rebuild } from "./node/fields.js";

const MILLISECONDS = 1_000;
/** Milliseconds of any block that is looked at. */
const MAX_MILLISECONDS = 2 ** 45;
const NO_TRC10 = "rows of a list that tells no TRC-10 tokens";
const TOKENS_INSIDE = "rows of transactions that call contracts, whose tokens and calls inside stand in other lists";
/** Bytes of an address in a message: how many, and the version. */
const ADDRESS = /^(?:..)*?1541(.{40})/;

/** Where a row's block stands: its own cell, else what other files and the case tell of the transaction. */
function placeOf(row: Row, hash: Hash, blockOf: BlockOf): Pick<ParsedRow, "height" | "time"> {
	const milliseconds = row.integer(MAX_MILLISECONDS, "block_timestamp");
	const time = Math.floor(milliseconds / MILLISECONDS);
	if (row.flag("unconfirmed", "_unconfirmed") === true) row.expected("unconfirmed", "true", "a transaction that is in a solid block");
	const told = blockOf(hash);
	if (told?.time !== undefined && told.time !== time)
		row.expected("block_timestamp", String(milliseconds), `the time of block ${told.height}, which holds this transaction`);
	if (row.optional("blockNumber") !== "") {
		const height = row.height("blockNumber");
		if (told !== undefined && told.height !== height)
			row.expected("blockNumber", String(height), `block ${told.height}, as is told elsewhere`);
		return { height, time };
	}
	if (told !== undefined) return { height: told.height, time };
	throw new InputError(`the list does not tell the block of transaction ${hash}, and nothing else does`, {
		hint: "Import it together with the answers of wallet/gettransactioninfobyid as a JSON list, take the blocks in with clew ingest first, or use clew follow with a node.",
	});
}

/** The list of transactions: raw data is read as blocks are, and must give the id. */
function transactions(blockOf: BlockOf): Format {
	return {
		name: GRID_LIST.transactions,
		actions: ["transactions"],
		ranged: true,
		kinds: ["native"],
		columns: ["block_timestamp", GRID_LIST.transactions],
		without: [GRID_LIST.part],
		parse: (row) => (row.has("internal_tx_id") ? internalRow(row, blockOf) : transactionRow(row, blockOf)),
	};
}

function transactionRow(row: Row, blockOf: BlockOf): ParsedRow {
	const hash = row.hash("txID");
	const tx = transactionOf(row, hash);
	const addresses = new Addresses(row.chain);
	const asked = readContract(tx, 0, withdrawn(row), addresses);
	const status = tx.outcome === "untold" ? undefined : tx.outcome;
	const fee = row.optional("ret.fee") === "" ? undefined : row.baseUnits("ret.fee");
	const open = [...(fee === undefined ? ["rows of transactions that do not tell their fee"] : [])];
	const transfers: TransferRecord[] =
		fee === undefined || fee === 0n
			? []
			: [{ kind: "fee", from: asked.owner, to: nullAccount(row.chain), asset: addresses.coin, amount: fee }];
	if (status !== "failed") {
		transfers.push(...asked.transfers.map(({ eventIndex: _, ...transfer }) => transfer));
		open.push(...asked.gaps, ...(asked.unread === undefined ? [] : [asked.unread]));
		if (asked.call !== undefined) open.push(TOKENS_INSIDE);
		if (asked.permissions) open.push("rows of changes of permissions, which only blocks tell whole");
	}
	return {
		hash,
		...placeOf(row, hash, blockOf),
		...(status === undefined ? {} : { status }),
		transfers,
		open,
		...(asked.call === undefined ? {} : { contract: asked.call.contract }),
		touches: addressesIn(row.chain, tx),
	};
}

/** The transaction that a row's raw data and result make. */
function transactionOf(row: Row, hash: Hash): TronTransaction {
	const text = row.text("raw_data_hex");
	const raw = bytesOf(text) ?? row.expected("raw_data_hex", text.slice(0, 40), "bytes in hex");
	const told = { contractRet: row.optional("ret.contractRet"), ret: row.optional("ret.ret") };
	const { bytes } = rebuild(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== "")), RESULT);
	const tx = readTransaction(message([1, raw], [5, bytes]), 0, hash);
	if (tx.id !== hash) row.expected("txID", hash, `the id that its raw data gives, ${tx.id}`);
	return tx;
}

/** What contracts are read with besides; of an info only what a reward paid out. */
function withdrawn(row: Row): TransactionInfo | undefined {
	if (row.optional("withdraw_amount") === "") return undefined;
	const unknown = { id: "", height: 0, time: 0, fee: 0n, status: undefined, issued: "", logs: [], internal: [] };
	return { ...unknown, withdrawn: row.baseUnits("withdraw_amount") };
}

/** Accounts that a transaction names, in whatever place: lists are of whom it concerns, not only of who pays or is paid. */
function addressesIn(chain: ChainId, { contracts }: TronTransaction): AccountId[] {
	const found = new Set<AccountId>();
	let rest = contracts[0]?.parameter.toString("hex") ?? "";
	for (let match = ADDRESS.exec(rest); match !== null; match = ADDRESS.exec(rest)) {
		found.add(trustedAccountId(chain, tronAddress(match[1] as string)));
		rest = rest.slice(match[0].length);
	}
	return [...found];
}

/** The list of TRC-20 transfers, which are its contracts' word: their decimals are held against those that makers publish. */
function tokens(blockOf: BlockOf): Format {
	return {
		name: GRID_LIST.trc20,
		actions: ["trc20"],
		ranged: true,
		kinds: ["token"],
		columns: ["transaction_id", "block_timestamp", "from", "to", "type", "value", "token_info.address", GRID_LIST.trc20],
		without: [GRID_LIST.part],
		parse(row) {
			const hash = row.hash("transaction_id");
			const [from, to, contract] = [row.someAccount("from"), row.someAccount("to"), row.someAccount("token_info.address")];
			const base = { hash, ...placeOf(row, hash, blockOf), touches: [from, to], contract, open: [NO_TRC10] };
			const type = row.text("type");
			if (type === "Approval") return { ...base, transfers: [] };
			if (type !== "Transfer") return row.expected("type", type, "Transfer or Approval");
			const asset = parseAsset(addressOf(contract), row.chain);
			const amount = row.baseUnits("value");
			const none = nullAccount(row.chain);
			const kind = from === none ? "mint" : to === none ? "burn" : "token";
			const decimals = row.optional("token_info.decimals") === "" ? undefined : row.decimals("token_info.decimals");
			// Lists have NFTs as tokens without decimals: what tells whether the number is an id must come from elsewhere.
			const describes = decimals !== undefined && (decimals > 0 || publishedToken(asset) !== undefined);
			return {
				...base,
				transfers: [{ kind, from, to, asset, amount }],
				...(describes ? { asset: { asset, decimals, symbol: row.optional("token_info.symbol") } } : {}),
			};
		},
	};
}

/** The list of calls inside transactions that name the account. */
function internal(blockOf: BlockOf): Format {
	return {
		name: GRID_LIST.internal,
		actions: ["internal"],
		ranged: true,
		kinds: ["internal"],
		columns: ["block_timestamp", "from_address", "to_address", "tx_id", GRID_LIST.internal],
		without: [GRID_LIST.part],
		parse: (row) => internalRow(row, blockOf),
	};
}

const bytes21 = (account: AccountId) => Buffer.from(`41${tronDigits(addressOf(account))}`, "hex");
const CALL_VALUE = "data.call_value.";

function internalRow(row: Row, blockOf: BlockOf): ParsedRow {
	const hash = row.hash("tx_id");
	const [from, to] = [row.someAccount("from_address"), row.someAccount("to_address")];
	const told = row.text("data.note");
	const note = /^(?:[0-9a-f]{2})+$/i.test(told) ? Buffer.from(told, "hex").toString("latin1") : told;
	const rejected = row.flag("data.rejected") ?? row.expected("data.rejected", "", "true or false");
	const values = row.columnsUnder(CALL_VALUE).map((column) => {
		const token = column.slice(CALL_VALUE.length);
		return { amount: row.baseUnits(column), token: token === "_" ? undefined : token };
	});
	const [caller, called] = [from, to].map((account) => bytes21(account)) as [Buffer, Buffer];
	const read = internalTransfers([{ from: caller, to: called, values, note, rejected }], new Addresses(row.chain));
	return {
		hash,
		...placeOf(row, hash, blockOf),
		id: `call ${row.text("internal_tx_id")} of transaction ${hash}`,
		transfers: read.transfers.map(({ eventIndex: _, ...transfer }) => transfer),
		open: read.gaps,
		touches: [from, to],
	};
}

/** What a node says of transactions beside their blocks: here only in which block each is, for rows of lists that do not tell it. */
const infos: Format = {
	name: "TransactionInfo, for the blocks of transactions",
	kinds: [],
	columns: ["id", "blockNumber", "blockTimeStamp"],
	without: [],
	parse: (row) => ({
		hash: row.hash("id"),
		height: row.height("blockNumber"),
		time: Math.floor(row.integer(MAX_MILLISECONDS, "blockTimeStamp") / MILLISECONDS),
		transfers: [],
		touches: [],
	}),
};

/** The same list where only a part of it was asked for: of no kind is it whole. */
const inPart = (format: Format): Format => ({
	...format,
	name: `${format.name}, of which a part was asked for`,
	kinds: [],
	columns: [...format.columns, GRID_LIST.part],
	without: [],
});

const HASHES = ["txID", "tx_id", "transaction_id", "id"] as const;
const TIMES = ["block_timestamp", "blockTimeStamp"] as const;

/** The blocks of transactions that these files name, by the files and by the case. Throws InputError where two files differ. */
async function blocksOf(store: GraphStore, paths: readonly string[]): Promise<BlockOf> {
	const { chain } = store.info;
	const told = new Map<Hash, { readonly height: number; readonly time: number | undefined }>();
	const wanted = new Set<Hash>();
	for (const path of paths) {
		if (!(await looksLikeJson(path))) continue;
		await withRecords(path, async ({ blocks }) => {
			for await (const block of blocks) {
				for (const { header, cells, line } of block) {
					const cell = (names: readonly string[]) => cells[header.findIndex((name) => names.includes(name))] ?? "";
					const [hash, height, milliseconds] = [cell(HASHES).toLowerCase() as Hash, cell(["blockNumber"]), cell(TIMES)];
					if (!/^[0-9]{1,15}$/.test(height)) wanted.add(hash);
					else {
						const time = /^[0-9]{1,15}$/.test(milliseconds) ? Math.floor(Number(milliseconds) / MILLISECONDS) : undefined;
						const known = told.get(hash);
						if (known !== undefined && known.height !== Number(height))
							throw new InputError(`transaction ${hash} is in block ${height}, and elsewhere in block ${known.height}`, {
								where: `${path}:${line}`,
							});
						told.set(hash, { height: Number(height), time });
					}
				}
			}
		});
	}
	for (const hash of wanted) {
		const place = told.has(hash) ? undefined : await store.placeOf(chain, hash);
		if (place === undefined) continue;
		told.set(hash, { height: place.height, time: (await store.header(chain, place.height))?.time });
	}
	return (hash) => told.get(hash);
}

/** TronGrid's answers about an account, and what tells the blocks of their transactions. */
export const TRON_GRID: RowImport = {
	name: "trongrid",
	blocksOf,
	formats(_, blockOf) {
		const lists = [tokens(blockOf), internal(blockOf), transactions(blockOf)];
		return [...lists, ...lists.map(inPart), infos];
	},
};
