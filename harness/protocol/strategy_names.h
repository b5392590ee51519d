/* strategy_names.h - the strategies of explore: what --strategy may name, in their order. */
#ifndef SNARL_PROTOCOL_STRATEGY_NAMES_H
#define SNARL_PROTOCOL_STRATEGY_NAMES_H

#define STRATEGIES(NAMED, SEPARATOR)                                                               \
	NAMED(random)                                                                              \
	SEPARATOR NAMED(pct)                                                                       \
	SEPARATOR NAMED(pos)                                                                       \
	SEPARATOR NAMED(dfs)                                                                       \
	SEPARATOR NAMED(rff)                                                                       \
	SEPARATOR NAMED(auto)

#endif
