/*
 * assets.c - the style sheet, put into the program by the assembler: a report needs no file but
 * itself, and a style sheet stays a file that an editor understands. The path starts where the
 * Makefile compiles, at the root of the tree.
 */
#include "assets.h"

__asm__(".pushsection .rodata\n"
	".global asset_style, asset_style_end\n"
	"asset_style: .incbin \"reports/style.css\"\n"
	"asset_style_end: .byte 0\n"
	".popsection\n");
