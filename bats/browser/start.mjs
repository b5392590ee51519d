// start.mjs - Debian's Chromium, or another that is called so.
import {accessSync, constants} from "node:fs";
import {delimiter} from "node:path";
import {chromium} from "playwright-core";

const found = file => {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

export const browser_start = () => {
	const paths = process.env.PATH.split(delimiter)
		.flatMap(folder => ["chromium", "chromium-browser"].map(name => `${folder}/${name}`));

	// Root has no sandbox; the pages are our own.
	return chromium.launch({executablePath: paths.find(found), args: ["--no-sandbox"]});
};
