import { type AccountId, chainName, chainOf, type GraphStore, InputError, type Label, parseFollowedChain, quote } from "@clew/core";
import type { LibraryEntry } from "@clew/graph-store/label-library";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { crosses, elsewhere } from "../key-elsewhere.js";
import { entryFrom, printEntries } from "../label-entries.js";
import { entriesElsewhere, entriesOf, entriesOfSite, LABELS_OPTION, otherChainOf, withLibrary } from "../label-library-file.js";
import { json } from "../output.js";
import { pointedAt } from "../pointed-at.js";
import { subjectId, subjectOf } from "../subject.js";

/** `clew label show`: every claim about an account or a site. */
export function labelShowCommand(context: Context) {
	return new Command("show")
		.description("every claim about an account or a site, with source, date and confidence; conflicts are shown, not resolved")
		.argument("<address|site>", "address, CAIP-10 account or host name")
		.option(...LABELS_OPTION)
		.option("--chain <chain>", "chain of a bare address (default: the one that the address is of)")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object", false)
		.action(async (what, options) => {
			const asked = subjectOf(what, options.chain === undefined ? undefined : parseFollowedChain(options.chain));
			if (asked.kind === "ens")
				throw new InputError(`${quote(what)} is an ENS name`, { code: "USAGE", hint: "Give the address that it stands for." });
			const subject = subjectId(asked);
			const account = asked.kind === "account" ? asked.account : undefined;
			const { entries, others } = withLibrary(options, false, (library) =>
				asked.kind === "site"
					? { entries: entriesOfSite(library, asked.site), others: [] }
					: { entries: entriesOf(library, asked.account), others: entriesElsewhere(library, asked.account) },
			);
			const named = options.case !== undefined || process.env["CLEW_CASE"] !== undefined;
			const inCase = account !== undefined && named ? await withCase(options, (store) => labelsOfKey(store, account)) : [];
			const about = ({ subject: of, category }: Pick<LibraryEntry, "subject" | "category">) =>
				of === subject || account === undefined || crosses(chainOf(of as AccountId), chainOf(account), category);
			const onOthers = [...others, ...inCase.map(entryFrom)].filter((one) => !about(one));
			const own = inCase.filter((label) => about(entryFrom(label)));
			if (options.json)
				return context.print(
					json({ schema: "clew.labels/1", subject, tier: "attribution", library: entries, case: own, elsewhere: onOthers }),
				);
			const shown = [...entries, ...own.map(entryFrom)];
			if (shown.length === 0)
				context.print(`nobody on these lists says anything about it${onItsChain(account, onOthers)}; that is no clean bill`);
			else printEntries(context, shown, account !== undefined && shown.some((entry) => otherChainOf(entry, account) !== undefined));
			if (onOthers.length > 0) {
				context.print("The same key is named on other chains, where it may be another one's contract:");
				printEntries(context, onOthers, true);
			}
			if (asked.kind === "site" && pointedAt(what, undefined).length > 0)
				context.note("only the site was looked up, not what stands in the URL: give the addresses alone, or use clew check");
		});
}

/** The chain in words, where something is said of another one. */
function onItsChain(account: AccountId | undefined, others: readonly LibraryEntry[]): string {
	return account === undefined || others.length === 0 ? "" : ` on ${chainName(chainOf(account))}`;
}

/** Labels of a case about an account and its key on other chains. */
async function labelsOfKey(store: GraphStore, account: AccountId): Promise<readonly Label[]> {
	const labels = [...(await store.labelsOf(account))];
	for (const other of elsewhere(account, await store.chains())) labels.push(...(await store.labelsOf(other)));
	return labels;
}
