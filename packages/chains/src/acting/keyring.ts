import { InputError } from "@clew/core";
import { computeAddress, SigningKey, sha256, toUtf8Bytes } from "ethers";

/** Keys of the people of a made-up world. */
export interface Keyring {
	/** The address of the key that some text stands for. Anybody can compute both: they are a toy's. */
	addressOf(text: string): string;
	/** Throws InputError for an address that it did not give. */
	keyOf(address: string): SigningKey;
}

/** An empty keyring. */
export function makeKeyring(): Keyring {
	const keys = new Map<string, SigningKey>();
	return {
		addressOf(text) {
			const key = new SigningKey(sha256(toUtf8Bytes(`clew simulated world ${text}`)));
			const address = computeAddress(key).toLowerCase();
			keys.set(address, key);
			return address;
		},
		keyOf(address) {
			const key = keys.get(address);
			if (key === undefined) throw new InputError(`nobody has a key of ${address}`);
			return key;
		},
	};
}
