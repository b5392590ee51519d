// screenshots.mjs - the pictures of the guide: node screenshots.mjs PAGES OUT
import {pathToFileURL} from "node:url";
import {browser_start} from "./start.mjs";

const [pages, out] = process.argv.slice(2);
const pictures = {
	lost_update: "counter-unsynchronised-explore.html",
	overwrite: "bounded_buffer-missing_full_check-explore.html",
	deadlock: "lock_order-ab_ba-explore.html",
};
const browser = await browser_start();
const page = await browser.newPage({viewport: {width: 1280, height: 720}, colorScheme: "light"});

for (const [name, file] of Object.entries(pictures)) {
	await page.goto(pathToFileURL(`${pages}/${file}`).href);
	const end = await page.locator("#steps").evaluate(steps => steps.getBoundingClientRect().bottom);

	await page.screenshot({path: `${out}/${name}.png`,
		clip: {x: 0, y: 0, width: 1280, height: Math.min(720, Math.ceil(end) + 16)}});
}
await browser.close();
