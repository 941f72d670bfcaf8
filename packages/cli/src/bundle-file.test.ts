import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptTo, MOST_RECIPIENTS } from "@clew/evidence";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { expect, it } from "vitest";
import { openBundle } from "./bundle-file.js";

it("opens no file that is encrypted to very many, before a key is tried", async () => {
	const folder = mkdtempSync(join(tmpdir(), "clew-age-"));
	try {
		const [file, key] = [join(folder, "b.zip.age"), join(folder, "key")];
		const identity = await generateIdentity();
		writeFileSync(key, `${identity}\n`);
		const recipient = await identityToRecipient(identity);
		const good = Buffer.from(await encryptTo([recipient], "no zip"));
		writeFileSync(file, good);
		await expect(openBundle(file, key)).rejects.toThrow("no zip");
		const stanza = `-> X25519 ${"A".repeat(43)}\n${"A".repeat(43)}\n`;
		const end = good.indexOf("\n---");
		writeFileSync(file, Buffer.concat([good.subarray(0, end + 1), Buffer.from(stanza.repeat(MOST_RECIPIENTS)), good.subarray(end + 1)]));
		await expect(openBundle(file, key)).rejects.toThrow(`is encrypted to more than ${MOST_RECIPIENTS} recipients`);
		await expect(encryptTo(Array(MOST_RECIPIENTS + 1).fill(recipient), "x")).rejects.toThrow("65 recipients");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
