import { type AccountId, compareText, type GraphStore, type Label } from "@clew/core";
import type { LibraryVersion } from "@clew/graph-store/label-library";
import type { Context } from "./context.js";
import { entriesOf, type LabelsOption, labelFrom, librarySourceId, withLibrary } from "./label-library-file.js";

/** What the library says of some accounts of a case. */
export interface LabelsTold {
	readonly labels: readonly Label[];
	/** The lists that they are of. */
	readonly lists: readonly LibraryVersion[];
	/** Entries of the same keys on chains of another kind, whose addresses are others: left out. */
	readonly elsewhere: number;
}

/** Looks accounts up in the library, in the order of their ids. Throws InputError (USAGE) when there is none. */
export function labelsTold(accounts: Iterable<AccountId>, options: LabelsOption): LabelsTold {
	const used = new Set<string>();
	let elsewhere = 0;
	const { labels, lists } = withLibrary(options, false, (library) => ({
		labels: [...accounts].sort(compareText).flatMap((account) =>
			entriesOf(library, account).flatMap((entry) => {
				const label = labelFrom(entry, account);
				if (label === undefined) elsewhere++;
				else used.add(entry.list);
				return label ?? [];
			}),
		),
		lists: library.lists().filter((list) => used.has(list.list)),
	}));
	return { labels, lists, elsewhere };
}

/** Copies what the library said into a case, with its lists as sources. */
export async function labelsInto(context: Context, store: GraphStore, { labels, lists }: LabelsTold): Promise<void> {
	await store.atomically(async (tx) => {
		for (const { list, publisher, licence, sha256, file } of lists)
			await tx.putSource({
				id: librarySourceId(list, sha256),
				kind: "file",
				name: file,
				sha256,
				detail: `labels: ${publisher}; licence: ${licence}`,
			});
		await tx.putLabels(labels);
		await tx.appendCustody(
			context.now(),
			"labels used",
			`${labels.length} labels of ${lists.map((l) => `${l.list} (sha256 ${l.sha256})`).join(", ")}`,
		);
	});
}
