import type { AccountId } from "@clew/core";
import {
	blockscoutCsvInternal,
	blockscoutCsvTokens,
	blockscoutCsvTransactions,
	blockscoutInternal,
	blockscoutTokens,
	blockscoutTransactions,
} from "./blockscout.js";
import { covalentTransactions } from "./covalent.js";
import { duneTransactions, duneTransfers } from "./dune.js";
import { etlTokenTransfers, etlTraces, etlTransactions } from "./ethereum-etl.js";
import { etherscanInternal, etherscanNfts, etherscanTokentx, etherscanTxlist } from "./etherscan-api.js";
import { siteInternal, siteNfts, siteTokens, siteTransactions } from "./etherscan-site.js";
import { etherscanWithdrawals } from "./etherscan-withdrawals.js";
import type { Format } from "./format.js";

/** Families of formats by the name a user types. */
export const IMPORT_FAMILIES = ["etherscan", "ethereum-etl"] as const;
export type ImportFamily = (typeof IMPORT_FAMILIES)[number];

type DecimalsOf = (contract: AccountId) => number | undefined;

const FORMATS: Readonly<Record<ImportFamily, (decimalsOf: DecimalsOf) => readonly Format[]>> = {
	etherscan: (decimalsOf) => [
		etherscanTxlist,
		etherscanTokentx,
		etherscanNfts,
		etherscanInternal,
		etherscanWithdrawals,
		siteTransactions,
		siteInternal,
		siteTokens(decimalsOf),
		siteNfts,
		blockscoutTransactions,
		blockscoutTokens,
		blockscoutInternal,
		blockscoutCsvTransactions,
		blockscoutCsvTokens,
		blockscoutCsvInternal,
		covalentTransactions,
		duneTransactions,
		duneTransfers,
	],
	"ethereum-etl": () => [etlTransactions, etlTokenTransfers, etlTraces],
};

/** The formats of a family; `decimalsOf` knows the tokens that the case holds, by contract. */
export function formatsOf(family: ImportFamily, decimalsOf: DecimalsOf): readonly Format[] {
	return FORMATS[family](decimalsOf);
}
