// check.mjs - what a browser shows of a report: node check.mjs PAGES HOSTILE
//
// PAGES is a folder with a report; HOSTILE is one whose texts are markup. Every line of output is
// "ok CHECK (N pages)" or "not ok CHECK: PAGE: what is wrong". The pages are found by their names:
// see bats/browser.bats, which makes them.
import {readdirSync} from "node:fs";
import {pathToFileURL} from "node:url";
import axe from "axe-core";
import {browser_start} from "./start.mjs";

const [folder, hostile] = process.argv.slice(2);
const SCREEN = {width: 1280, height: 800};
const names = of => readdirSync(of).filter(name => name.endsWith(".html")).sort();
const address = (name, of = folder) => pathToFileURL(`${of}/${name}`).href;
const results = new Map();

// Note that a check looked at a page, and what it found there.
const note = (check, page, faults) => {
	const result = results.get(check) ?? {pages: 0, faults: []};

	result.pages++;
	result.faults.push(...faults.map(fault => `${page}: ${fault}`));
	results.set(check, result);
};

const browser = await browser_start();

// each(OPTIONS, PAGES, CHECKS): look at each page in a context of its own; a check returns faults
const each = async (options, pages, checks) => {
	const context = await browser.newContext({viewport: SCREEN, ...options});
	const page = await context.newPage();

	for (const name of pages) {
		await page.goto(address(name));
		for (const [check, look] of Object.entries(checks)) {
			const faults = await look(page, name).catch(error => [error.message.split("\n")[0]]);

			note(check, name, faults);
		}
	}
	await context.close();
};

// Violations, and what axe cannot decide; of some of its rules, or of all.
const axe_faults = rules => async page => {
	await page.evaluate(axe.source);
	return page.evaluate(async runOnly => {
		const found = await axe.run(document,
			{resultTypes: ["violations", "incomplete"], ...runOnly ? {runOnly} : {}});

		return [...found.violations, ...found.incomplete].map(({id, nodes}) =>
			`${id}: ${nodes[0].html.slice(0, 120)} (${nodes.length} in all): ` +
			`${[...nodes[0].any, ...nodes[0].all][0]?.message ?? ""}`);
	}, rules);
};

// How far the page itself reaches beyond the window; boxes that scroll are no fault.
const wide_faults = page => page.evaluate(() => {
	const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;

	return over > 0 ? [`it is ${over} px wider than the window`] : [];
});

// Texts of an interleaving of which a part is hidden.
const cut_faults = page => page.evaluate(() =>
	[...document.querySelectorAll("#steps :is(p, code, .fr)")]
		.filter(text => text.offsetHeight > 1 && getComputedStyle(text).overflow !== "visible" &&
			(text.scrollHeight > text.clientHeight + 1 || text.scrollWidth > text.clientWidth + 1))
		.slice(0, 1).map(text => `cut: ${text.textContent.trim().slice(0, 60)}`));

// In the dark only colours differ.
await Promise.all([
	each({colorScheme: "light"}, names(folder), {
		"fits, light": wide_faults, "axe, light": axe_faults()}),
	each({colorScheme: "dark"}, names(folder), {"axe, dark": axe_faults(["color-contrast"])}),
	each({viewport: {width: 400, height: 800}}, names(folder), {
		"fits, 400 px": wide_faults, "axe, 400 px": axe_faults()}),
	...[400, 700, 1000, 1240].map(width => each({viewport: {width, height: 800}}, names(folder), {
		"fits, narrow": wide_faults, "whole, narrow": cut_faults})),
]);

// On paper: what is folded is there, and controls are not.
await each({viewport: {width: 688, height: 970}}, names(folder), {"print": async page => {
	await page.emulateMedia({media: "print"});
	return page.evaluate(() => {
		const height = element => element.getBoundingClientRect().height;
		const folds = [...document.querySelectorAll("details > :not(summary)")];
		const controls = [...document.querySelectorAll("button, .ctl")];

		return [
			...folds.filter(fold => fold.textContent.trim() && !height(fold)).slice(0, 1)
				.map(fold => `folded: ${fold.textContent.trim().slice(0, 60)}`),
			...controls.filter(height).slice(0, 1).map(({outerHTML}) => `control: ${outerHTML}`),
		];
	});
}});

// Without JavaScript there is all of the text, and no control that does nothing.
await each({javaScriptEnabled: false}, names(folder), {"no JavaScript": async page => {
	const controls = await page.locator("button, .ctl").all();
	const seen = await Promise.all(controls.map(control => control.isVisible()));
	const rows = await page.locator("main tr").all();

	return [
		...seen.some(Boolean) ? ["a control is visible"] : [],
		...rows.length || await page.locator("main").innerText() ? [] : ["it is empty"],
	];
}});

// The steps of an interleaving by keys: one row is current, and what it is is said.
const stepped = names(folder).filter(name => name.endsWith("-explore.html"));
await each({}, stepped, {"keys": async page => {
	const faults = [];
	const current = page.locator("#steps [aria-current=step]");

	if (!await page.locator("#steps").count())
		return faults;
	for (const key of ["j", "End", "k", "Home", "ArrowRight"]) {
		await page.keyboard.press(key);
		if (await current.count() !== 1 || !await current.isVisible())
			faults.push(`after ${key} no step is current`);
		if (!await page.locator("#said").innerText())
			faults.push(`after ${key} nothing is said`);
	}
	return faults;
}});

// A story hides steps that do not matter; a key shows all of them, and hides them again.
await each({}, stepped, {"story and all steps": async page => {
	const rows = page.locator("#steps tr[id]:visible");
	const story = await rows.count();

	if (!await page.locator("#view-all").count())
		return [];
	await page.keyboard.press("s");
	const all = await rows.count();
	await page.keyboard.press("s");
	return [
		...all > story ? [] : [`s shows ${all} steps, the story has ${story}`],
		...await rows.count() === story ? [] : ["a second s does not lead back to the story"],
	];
}});

// The index's filter.
await each({}, ["index.html"], {"filter": async page => {
	const faults = [];
	const rows = page.locator(".matrix tbody tr:visible");
	const groups = page.locator(".group:visible");
	const expect = async (what, locator, count) => {
		if (await locator.count() !== count)
			faults.push(`${what}: ${await locator.count()}, not ${count}`);
	};
	const all = await rows.count();
	const scenarios = await groups.count();

	await page.keyboard.press("/");
	await page.keyboard.type("ab_ba lock_order");
	await expect("rows with both words", rows, 1);
	await expect("scenarios with both", groups, 1);
	await expect("links to them", page.locator(".jump li:visible"), 1);
	if (!(await page.locator("#said").innerText()).startsWith("1 of "))
		faults.push("the number of rows is not said");
	await page.keyboard.type(" nonsense");
	await expect("rows with nonsense", rows, 0);
	await page.keyboard.press("Escape");
	await expect("rows after Escape", rows, all);
	await expect("scenarios after Escape", groups, scenarios);
	return faults;
}});

// The cause is on the first screen: the sentence, and the row that is marked as the culprit.
await each({}, stepped, {"first screen, verdict": async (page, name) => {
	const box = await page.locator(".verdict").first().locator("..").boundingBox();
	const culprits = page.locator("#steps .culprit");
	const culprit = await culprits.count() ? await culprits.first().boundingBox() : null;

	if (culprit)
		note("first screen, culprit", name, culprit.y + culprit.height > SCREEN.height ?
			[`it ends at ${Math.round(culprit.y + culprit.height)} px`] : []);
	return box && box.y + box.height <= SCREEN.height ? [] : ["it is below the first screen"];
}});

// Texts that are markup are shown, and do nothing.
{
	const page = await (await browser.newContext({viewport: SCREEN})).newPage();
	let faults = [];

	page.on("dialog", dialog => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	page.on("pageerror", error => faults.push(`error: ${error.message}`));
	page.on("console", message => faults.push(`console: ${message.text()}`));
	page.on("request", request => {
		if (request.url().split("#")[0] !== page.expected)
			faults.push(`request: ${request.url()}`);
	});
	for (const name of names(hostile)) {
		faults = [];
		page.expected = address(name, hostile);
		await page.goto(page.expected);
		await page.keyboard.press("j");
		if (await page.locator("script").count() > 1 || await page.locator("img").count())
			faults.push("an element came from a text");
		note("hostile", name, faults);
	}
}

await browser.close();
for (const [check, {pages, faults}] of results) {
	if (!faults.length)
		console.log(`ok ${check} (${pages} pages)`);
	for (const fault of faults)
		console.log(`not ok ${check}: ${fault}`);
}
