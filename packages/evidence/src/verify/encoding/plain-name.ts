/** Characters that nobody sees, but for the joiners that scripts without Latin look-alikes need. */
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Cn}|\p{Co}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|\u2800/u;
const JOINERS = /[\u200c\u200d]/gu;
const LATIN = /\p{Script=Latin}/u;
/** Letters of Cyrillic, Greek and Armenian that look like a Latin one. */
const LOOK_ALIKES =
	/[\u0430\u0432\u0435\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0501\u051b\u051d\u04bb\u04cf\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u04ae\u050c\u051a\u051c\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u0570\u0578\u057d\u0585\u054f\u0555]/u;

/**
 * Why a name may not be what it looks like, in words; undefined for a plain one. It holds characters that nobody sees, or a word of Latin
 * letters among which stand letters of another script that look like them.
 */
export function notAsSeen(name: string): string | undefined {
	const visible = LATIN.test(name) ? name : name.replace(JOINERS, "");
	if (visible.search(UNSEEN) >= 0) return "holds characters that nobody sees";
	const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
	return words.some((word) => LATIN.test(word) && LOOK_ALIKES.test(word)) ? "mixes letters of two scripts that look alike" : undefined;
}
