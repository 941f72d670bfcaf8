import { type AccountId, defang, displayAddress, domainSubject, parseAccount, parseFollowedChain } from "@clew/core";

const ACCOUNT = /^[-a-z0-9]{3,8}:/;

/** The subject of a word that a user typed: an account, or a site. Throws InputError. */
export function subjectOf(what: string, chain: string): string {
	const looksLikeSite = what.includes(".") && !ACCOUNT.test(what);
	return looksLikeSite ? domainSubject(what, "argument") : parseAccount(what, parseFollowedChain(chain));
}

/** An account or a site, safe to show. */
export function displaySubject(subject: string): string {
	return subject.startsWith("domain:")
		? defang(subject.slice("domain:".length).replaceAll(".", "[.]"))
		: displayAddress(subject as AccountId);
}
