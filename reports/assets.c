/*
 * assets.c - the style sheet and the scripts, embedded in the program by the assembler: a report
 * needs no other file, and each stays a file that an editor understands. Paths are relative to the
 * root of the tree, where the Makefile compiles; the Makefile makes the hashes.
 */
#include "assets.h"

__asm__(".pushsection .rodata\n"
	".global asset_style, asset_style_end\n"
	"asset_style: .incbin \"style.css\"\n"
	"asset_style_end: .byte 0\n"
	".global asset_plots, asset_plots_end\n"
	"asset_plots: .incbin \"plots.css\"\n"
	"asset_plots_end: .byte 0\n"
	".global asset_script, asset_script_end, asset_script_hash\n"
	"asset_script: .incbin \"reports/script.js\"\n"
	"asset_script_end: .byte 0\n"
	"asset_script_hash: .incbin \"script.sha256\"\n"
	".byte 0\n"
	".global asset_filter, asset_filter_end, asset_filter_hash\n"
	"asset_filter: .incbin \"reports/filter.js\"\n"
	"asset_filter_end: .byte 0\n"
	"asset_filter_hash: .incbin \"filter.sha256\"\n"
	".byte 0\n"
	".popsection\n");
