import {
	type AccountId,
	type Delegation,
	defang,
	delegationsOf,
	formatPosition,
	type GraphStore,
	type Hash,
	instantOf,
	isHash,
	isNoPlace,
	ledgerOf,
	MAX_EVENT_INDEX,
	MAX_HEIGHT,
	MAX_TX_INDEX,
	nativeAsset,
	nftWords,
	type PermissionChange,
	parseAccount,
	parseHash,
	parsePosition,
	permissionChangesOf,
	type Transfer,
	type Valuing,
} from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import {
	type Acted,
	actedIn,
	delegationInWords,
	delegationJson,
	operationJson,
	operationsInWords,
	permissionInWords,
	permissionJson,
} from "../acted.js";
import { height, positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { movedNothing, mustKnow, whatMoved } from "../empty.js";
import { balanceValues, cellsOfValues, type ListedValues, ledgerValues, unpriced, valuesInWords, valuesJson } from "../listed-values.js";
import { missingInWords } from "../missing-blocks.js";
import { nativeInfo } from "../native-info.js";
import { assetsNamed, json, NO_BALANCE, NOT_FETCHED, showAccount, showAmount, showEntityAt, showLabel } from "../output.js";
import { printTable } from "../table.js";
import { PRICE_AGE_OPTION, UNIT_OPTION, valueColumns, valuingOf } from "../unit-option.js";
import { showBitcoinAddress } from "./show-bitcoin-address.js";
import { showBitcoinTransaction } from "./show-bitcoin-transaction.js";

const END_OF_TIME = { height: MAX_HEIGHT, txIndex: MAX_TX_INDEX, eventIndex: MAX_EVENT_INDEX };

/** `clew show`: one account's ledger, balances, labels and coverage; or one transaction. */
export function showCommand(context: Context) {
	return new Command("show")
		.description("an account (ledger, balances, labels, coverage) or a transaction (its transfers)")
		.argument("<account|tx>", "address, CAIP-10 account or transaction hash")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--since <height>", "ledger from this block", height)
		.option("--until <height>", "ledger up to this block", height)
		.option("--limit <n>", "rows of the ledger", positive, 50)
		.option("--cursor <position>", "continue a longer ledger, with the cursor of the page before")
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.option("--json", "as one JSON object", false)
		.action((what, options) =>
			withChain(options, async (store) => {
				const { chain } = store.info;
				const valuing = await valuingOf(context, store, options);
				const outputs = ledgerOf(chain) === "outputs";
				if (isHash(what, chain)) {
					const hash = parseHash(what, chain);
					return outputs
						? showBitcoinTransaction(context, store, hash, options.json, valuing)
						: showTransaction(context, store, hash, options.json, valuing);
				}
				const account = parseAccount(what, chain);
				await mustKnow(store, account);
				if (outputs) return showBitcoinAddress(context, store, account, options, valuing);
				const page = await store.transfersOf(account, {
					limit: options.limit,
					...(options.since === undefined ? {} : { fromHeight: options.since }),
					...(options.until === undefined ? {} : { toHeight: options.until }),
					...(options.cursor === undefined ? {} : { cursor: parsePosition(options.cursor) }),
				});
				const profile = await store.profile(account, Number.MAX_SAFE_INTEGER);
				const balances = isNoPlace(account) ? [] : await store.balancesBefore(account, END_OF_TIME);
				const delegations = await delegationsOf(store, account);
				const permissions = await permissionChangesOf(store, account);
				const next = page.next && formatPosition(page.next);
				const values = valuing && (await ledgerValues(store, page.transfers, valuing));
				const held = valuing && (await balanceValues(store, balances, valuing));
				if (options.json)
					return context.print(
						json({
							schema: "clew.account/1",
							account,
							...profile,
							...(delegations.length === 0 ? {} : { delegations: delegations.map(delegationJson) }),
							...(permissions.length === 0 ? {} : { permissions: permissions.map(permissionJson) }),
							balances: balances.map(({ asset, amount, shortfall }) => ({ asset, amount, shortfall })),
							ledger: page.transfers.map(positioned),
							next: next ?? null,
							...(values === undefined ? {} : valuesJson(values, held)),
						}),
					);
				await printAccount(context, store, account, profile, balances, { delegations, permissions }, held);
				await printTransfers(context, store, page.transfers, account, values);
				if (next !== undefined) context.note(`more: --cursor ${next}`);
			}),
		);
}

const positioned = (t: Transfer) => ({ ...t, position: formatPosition(t.position) });

async function showTransaction(
	context: Context,
	store: GraphStore,
	hash: Hash,
	asJson: boolean,
	valuing: Valuing | undefined,
): Promise<void> {
	const moved = await whatMoved(store, hash);
	const { height: at, transfers, nfts, isFeeAlone } = moved;
	const acted = await actedIn(store, hash);
	const values = valuing && (await ledgerValues(store, transfers, valuing));
	if (asJson)
		return context.print(
			json({
				schema: "clew.transaction/1",
				hash,
				height: at,
				transfers: transfers.map(positioned),
				...(nfts.length === 0 ? {} : { nfts }),
				...(acted.operations.length === 0 ? {} : { userOperations: acted.operations.map(operationJson) }),
				...(acted.delegations.length === 0 ? {} : { delegations: acted.delegations.map(delegationJson) }),
				...(acted.permissions.length === 0 ? {} : { permissions: acted.permissions.map(permissionJson) }),
				...(values === undefined ? {} : valuesJson(values)),
			}),
		);
	if (transfers.length > 0) await printTransfers(context, store, transfers, undefined, values);
	if (isFeeAlone) context.print(movedNothing(hash, moved));
	else if (nfts.length > 0) context.print(`it also moved ${nftWords(nfts)}`);
	const { chain } = store.info;
	const coin = (wei: bigint) => showAmount(wei, nativeInfo(chain), nativeAsset(chain));
	const { delegations, permissions } = acted;
	const signed = [...delegations.map(delegationInWords), ...permissions.map(permissionInWords)];
	for (const line of [...operationsInWords(acted, transfers, coin), ...signed]) context.print(line);
}

async function printAccount(
	context: Context,
	store: GraphStore,
	account: AccountId,
	profile: Awaited<ReturnType<GraphStore["profile"]>>,
	balances: Awaited<ReturnType<GraphStore["balancesBefore"]>>,
	{ delegations, permissions }: Pick<Acted, "delegations" | "permissions">,
	held: ListedValues | undefined,
): Promise<void> {
	// What has a key that signs is a person's, whatever code acts for it.
	const nature = delegations.length > 0 ? " (has a key; see its delegations)" : profile.isContract ? " (contract)" : "";
	context.print(context.colours.bold(`${showAccount(account)}${nature}: ${profile.transfers} transfers in the case`));
	for (const one of delegations) context.print(`${await since(store, one)}: ${delegationInWords(one)}`);
	for (const one of permissions) context.print(`${await since(store, one)}: ${permissionInWords(one)}`);
	for (const label of profile.labels) context.print(showLabel(label, instantOf(context.now())));
	if (profile.coverage.length === 0) context.print(NOT_FETCHED);
	for (const c of profile.coverage)
		context.print(
			`coverage: ${c.kinds.join(", ")}, blocks ${c.fromHeight} to ${c.toHeight}, ${defang(c.source)}${c.note ? ` (${defang(c.note)})` : ""}`,
		);
	if (isNoPlace(account)) context.print(NO_BALANCE);
	const missing = missingInWords(profile.coverage);
	const assets = await assetsNamed(
		store,
		balances.map(({ asset }) => asset),
	);
	for (const [i, b] of balances.entries()) {
		const info = assets[b.asset];
		if (b.amount === 0n && b.shortfall === 0n) continue;
		context.print(
			`balance by the data: ${showAmount(b.amount, info, b.asset, assets)}${b.shortfall > 0n ? `; it paid out ${showAmount(b.shortfall, info, b.asset, assets)} more than the data shows it received` : ""}${valuesInWords(held, i)}${missing}`,
		);
	}
}

/** When something happened, and in which transaction. */
async function since(store: GraphStore, { chain, position, txHash }: Delegation | PermissionChange): Promise<string> {
	const time = (await store.header(chain, position.height))?.time;
	const when = time === undefined ? "" : `, ${new Date(time * 1000).toISOString().slice(0, 19)} UTC`;
	return `block ${position.height}${when}, transaction ${txHash}`;
}

async function printTransfers(
	context: Context,
	store: GraphStore,
	transfers: readonly Transfer[],
	self: AccountId | undefined,
	values: ListedValues | undefined,
): Promise<void> {
	const rows: string[][] = [];
	// What is the same of every row is said once, below.
	const tiers = [...new Set(transfers.map(({ provenance }) => provenance))];
	const assets = await assetsNamed(
		store,
		transfers.map(({ asset }) => asset),
	);
	for (const [i, t] of transfers.entries()) {
		const header = await store.header(t.chain, t.position.height);
		const other = self === undefined ? undefined : t.from === self ? t.to : t.from;
		rows.push([
			formatPosition(t.position),
			header ? new Date(header.time * 1000).toISOString().slice(0, 19) : "",
			t.kind,
			...(other === undefined
				? [showAccount(t.from), showAccount(t.to)]
				: [t.from === t.to ? "self" : t.from === self ? "out" : "in", showAccount(other)]),
			showAmount(t.amount, assets[t.asset], t.asset, assets),
			...cellsOfValues(values, i),
			showEntityAt(await store.labelsOf(other ?? t.to), header?.time),
			...(tiers.length > 1 ? [t.provenance] : []),
			t.txHash,
		]);
	}
	const parties = self === undefined ? [{ title: "from" }, { title: "to" }] : [{ title: "" }, { title: "counterparty" }];
	printTable(
		context,
		[
			{ title: "position" },
			{ title: "time (UTC)", optional: "below" },
			{ title: "kind" },
			...parties,
			{ title: "amount", right: true },
			...valueColumns(values?.units),
			{ title: "entity" },
			...(tiers.length > 1 ? [{ title: "provenance" }] : []),
			{ title: "transaction", optional: "below" },
		],
		rows,
	);
	if (tiers.length === 1) context.print(`provenance of every row: ${tiers[0]}`);
	for (const line of unpriced(values)) context.print(line);
}
