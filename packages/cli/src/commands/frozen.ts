import {
	type AccountId,
	type AssetId,
	chainName,
	chainOf,
	DEFAULT_CHAIN,
	formatAmount,
	freezableToken,
	freezableTokens,
	InputError,
	isoTime,
	parseFollowedChain,
	tokenContract,
} from "@clew/core";
import { askFrozen, type Freezable, type FrozenFact } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { hasNode, openNode, RPC_OPTION } from "../node.js";
import { json, showAccount } from "../output.js";
import { forwardTrace } from "../stored-trace.js";
import { subjectOf } from "../subject.js";
import { printTable } from "../table.js";

/** `clew frozen`: what is frozen already, and who could freeze the rest. */
export function frozenCommand(context: Context) {
	return new Command("frozen")
		.description("what of USDT, USDC and other tokens is frozen at an address, since when and by whom, and who could freeze it and how")
		.argument("[addresses...]", "addresses or CAIP-10 accounts; without any, the end points of a trace of the case")
		.option(...CASE_OPTION)
		.option("--trace <id>", "whose end points: an id that clew trace printed, or 'last'", "last")
		.option("--chain <chain>", "chain of bare addresses (default: the one that the address is of)")
		.option(...RPC_OPTION, collect, [])
		.option("--json", "as one JSON object (schema clew.frozen/1)", false)
		.action(async (addresses, options) => {
			const asked = addresses.length > 0 ? ofAddresses(addresses, options.chain) : await ofTrace(options);
			const [first] = asked;
			const chain = first === undefined ? undefined : chainOf(first.account);
			if (chain === undefined)
				return context.print(options.json ? json({ schema: "clew.frozen/1", facts: [] }) : "no token that an issuer is known to freeze");
			if (asked.some(({ account }) => chainOf(account) !== chain))
				throw new InputError("the addresses are of several chains", { code: "USAGE", hint: "Ask about those of one chain at a time." });
			const told = hasNode(options.rpc, chain) ? await ask(context, asked, options.rpc) : undefined;
			const facts = told?.facts ?? asked.map((one): FrozenFact => ({ ...one, frozen: undefined, holds: undefined }));
			if (options.json) return context.print(json({ schema: "clew.frozen/1", chain, ...told?.at, facts: facts.map(inJson) }));
			if (told === undefined)
				context.print(`no node of ${chainName(chain) ?? chain} was asked (--rpc): whether anything is frozen is not known`);
			else context.print(`asked ${told.at.node} at block ${told.at.height} (${told.at.time}): one node's word`);
			print(context, facts);
		});
}

/** Every token of its chain that an issuer can freeze. Throws InputError for what is no address, and for chains without such tokens. */
function ofAddresses(addresses: readonly string[], chain: string | undefined): Freezable[] {
	const accounts = addresses.map((address) => {
		const subject = subjectOf(address, chain === undefined ? undefined : parseFollowedChain(chain), DEFAULT_CHAIN);
		if (subject.kind !== "account")
			throw new InputError("a site or a name holds no tokens", { code: "USAGE", hint: "Give an address, or a CAIP-10 account." });
		return subject.account;
	});
	return [...new Set(accounts)].flatMap((account) => {
		const tokens = freezableTokens(chainOf(account));
		if (tokens.length === 0)
			throw new InputError(`of ${chainName(chainOf(account)) ?? chainOf(account)} no token is known that an issuer can freeze`, {
				code: "USAGE",
			});
		return tokens.map((token) => ({ account, token }));
	});
}

/** Of the end points of a trace the tokens that came there. */
async function ofTrace(options: { readonly case?: string | undefined; readonly trace: string }): Promise<Freezable[]> {
	return withCase(options, async (store) => {
		const { leaves } = await forwardTrace(store, options.trace, "frozen");
		const seen = new Map<string, Freezable>();
		for (const { account, amounts } of leaves)
			for (const asset of Object.keys(amounts)) {
				const token = freezableToken(asset as AssetId);
				if (token !== undefined) seen.set(`${account} ${asset}`, { account: account as AccountId, token });
			}
		return [...seen.values()];
	});
}

async function ask(context: Context, asked: readonly Freezable[], rpc: readonly string[]) {
	const node = await openNode(context, chainOf((asked[0] as Freezable).account), { rpc });
	try {
		if (node.ledger === "outputs") throw new InputError("tokens lie in accounts", { code: "USAGE" });
		const { head, facts } = await askFrozen(node, asked, context.signal);
		return { at: { node: node.name, height: head.height, time: isoTime(head.time) }, facts };
	} finally {
		node.close();
	}
}

function inJson({ account, token, frozen, holds, since }: FrozenFact) {
	const { asset, symbol, decimals, issuer, form } = token;
	return {
		account,
		asset,
		symbol,
		decimals,
		issuer,
		freezes: form.freezes,
		...(form.wipes === undefined ? {} : { wipes: form.wipes }),
		frozen: frozen ?? null,
		holds: holds?.toString() ?? null,
		...(since === undefined ? {} : { since: { ...since, time: isoTime(since.time) } }),
	};
}

function print(context: Context, facts: readonly FrozenFact[]): void {
	const rows = facts.map(({ account, token, frozen, holds, since }) => [
		showAccount(account),
		token.symbol,
		holds === undefined ? "not known" : formatAmount(holds, token.decimals),
		frozen === undefined ? "not known" : frozen ? "FROZEN" : "no",
		frozen !== true ? "" : since === undefined ? "the node does not tell" : `block ${since.height} (${isoTime(since.time)})`,
		since === undefined ? "" : `${since.txHash}${since.by === undefined ? "" : ` by ${showAccount(since.by)}`}`,
		`${token.issuer}: ${token.form.freezes} of ${showAccount(tokenContract(token.asset) as AccountId)}`,
	]);
	const columns = [
		{ title: "account" },
		{ title: "token" },
		{ title: "holds", right: true },
		{ title: "frozen" },
		{ title: "frozen in", optional: "below" as const },
		{ title: "transaction", optional: "below" as const },
		{ title: "who can freeze it", optional: "below" as const },
	];
	printTable(context, columns, rows);
	if (facts.some(({ since }) => since !== undefined))
		context.note('of an account that was released and frozen again, "frozen in" may be an earlier act than the one in force');
}
