/* assets.h - files that are part of the program, as bytes. */
#ifndef SNARL_REPORTS_ASSETS_H
#define SNARL_REPORTS_ASSETS_H

/* reports/style.css, from `asset_style` up to `asset_style_end`; not NUL-terminated. */
extern const char asset_style[], asset_style_end[];

/* reports/plots.css likewise. */
extern const char asset_plots[], asset_plots_end[];

/* reports/script.js likewise, and its SHA-256 in base64 as a string. */
extern const char asset_script[], asset_script_end[], asset_script_hash[];

/* reports/filter.js likewise. */
extern const char asset_filter[], asset_filter_end[], asset_filter_hash[];

#endif
