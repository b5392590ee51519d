/*
 * filter.js - the index's filter: it hides the rows that lack one of the words, and then the
 * scenarios without rows. "/" leads to the box, Escape empties it.
 */
"use strict";
(() => {
	const box = document.getElementById("filter");
	const said = document.getElementById("said");
	const groups = [...document.querySelectorAll(".group")].map(group => ({
		group,
		link: document.querySelector(`.jump a[href="#${CSS.escape(group.id)}"]`)?.parentElement,
		rows: [...group.querySelectorAll("tbody tr")].map(row =>
			({row, text: `${group.firstChild.textContent}/${row.textContent}`.toLowerCase()})),
	}));
	const all = groups.reduce((sum, {rows}) => sum + rows.length, 0);

	const filter = () => {
		const words = box.value.toLowerCase().split(/\s+/);
		let shown = 0;

		for (const {group, link, rows} of groups) {
			let some = 0;
			for (const {row, text} of rows) {
				row.hidden = !words.every(word => text.includes(word));
				some += !row.hidden;
			}
			group.hidden = !some;
			if (link)
				link.hidden = !some;
			shown += some;
		}
		said.textContent = box.value.trim() ? `${shown} of ${all} variants` : "";
	};

	document.documentElement.classList.add("js");
	box.addEventListener("input", filter);
	addEventListener("keydown", event => {
		if (event.key === "/" && event.target !== box && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			box.focus();
		} else if (event.key === "Escape" && event.target === box) {
			box.value = "";
			filter();
		}
	});
	filter();
})();
