import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { ChainId } from "@clew/core";
import { createStore, openStore } from "../case-file.js";
import type { Context } from "../context.js";
import { nativeInfo } from "../native-info.js";

export const isFilePlace = (place: string) => !/^[a-z0-9+]+:\/\//i.test(place);

/** The first chain of a case; undefined where there is no such file yet. */
export async function chainOfCase(place: string): Promise<ChainId | undefined> {
	if (isFilePlace(place) && !existsSync(place)) return undefined;
	const store = await openStore(place);
	const { chain } = store.info;
	await store.close();
	return chain;
}

/** Makes a case for what is investigated. */
export async function makeCase(context: Context, place: string, chain: ChainId, what: string): Promise<void> {
	const store = await createStore(place, { title: `investigation of ${basename(what)}`, chain, at: context.now() });
	await store.putAssets([nativeInfo(chain)]);
	await store.close();
}

/** Takes away the file of a case that was made for a call that failed before anything of a chain was in it. */
export async function dropIfEmpty(place: string): Promise<void> {
	if (!isFilePlace(place) || !existsSync(place)) return;
	const store = await openStore(place);
	const { blocks, transactions, outputs } = await store.counts();
	const covered = await store.coverage(store.info.chain);
	await store.close();
	if (blocks + transactions + outputs + covered.length > 0) return;
	for (const file of [place, `${place}-wal`, `${place}-shm`]) rmSync(file, { force: true });
}
