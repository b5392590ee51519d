# snarl: one Makefile, not recursive. Engines are data: a flavour is a folder under harness/ and
# some lines of flags here. `make help` lists what you can ask for.

MAKEFLAGS += --no-builtin-rules
# On all cores, unless -j is given.
ifeq (,$(filter -j% --jobs%,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc)
endif
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

ifndef V
Q := @
say = @printf '  %-8s %s\n' $(1) $(2);
else
say =
endif

CLANG := clang
BUILD := build

CALLS := $(shell awk -f injectors/calls.awk injectors/calls)
$(if $(filter 0,$(.SHELLSTATUS)),,$(error the table of calls cannot be used))
# The functions of the C library that explore has models of. Those that are in CALLS go through the
# wrapper there; it refuses the other CALLS by name.
MODELS := $(shell grep -oh 'snarl_model_[A-Za-z_0-9]*' harness/explore/*/*.c | sed 's/snarl_model_//' | sort -u)
MODELLED := $(filter $(CALLS),$(MODELS))

ENGINES := $(patsubst harness/%/engine.c,%,$(wildcard harness/*/engine.c))

# What an engine needs of a case: FLAGS to compile its sources, the names that are CALLED for others
# by then, and LINK. harness/kit/flavour.sh puts them together.

# A call that the compiler turns into a jump would be missing from the stacks.
FLAGS_stress := -O2 -g -fno-optimize-sibling-calls
CALLED_stress := $(foreach f,$(CALLS),$f=snarl_wrap_$f)

FLAGS_tsan := -O1 -g -fno-optimize-sibling-calls -fsanitize=thread
# An emulated process ends alone; and see custom_any_robust.
CALLED_tsan := $(CALLED_stress) $(foreach f,exit _exit _Exit pthread_mutexattr_setrobust,$f=custom_$f)
LINK_tsan := -fsanitize=thread
# The atomic operations of a case with fences: see harness/tsan/fences.h.
ATOMICS := load store exchange $(addprefix fetch_,add sub and or xor nand) compare_exchange_val
FENCED := atomic_thread_fence $(foreach n,8 16 32 64 128,$(ATOMICS:%=atomic$n_%))
CALLED_fences := $(foreach f,$(FENCED),__tsan_$f=snarl_wrap_$f)

# Cases are instrumented, but not linked with TSan's runtime: the engine has its own. Copying a
# struct is a call, which clang 14 does not instrument. A call that is bound lazily would write to
# memory that the engine watches.
FLAGS_explore := -O0 -g -fsanitize=thread -mllvm -tsan-instrument-read-before-write=1
CALLED_explore := $(foreach f,$(MODELLED),$f=snarl_wrap_$f) \
	$(foreach f,$(filter-out $(CALLS),$(MODELS)),$f=snarl_model_$f) \
	$(foreach f,memcpy memmove memset,$f=__tsan_$f)
LINK_explore := -Wl,-z,now

WARN := -Wall -Wextra -Werror
# What every part of the harness may use.
FLOORS := harness/base harness/protocol harness/case injectors harness/native harness/main
# The harness may be built with more: see sanitize.
EXTRA :=
HARNESS_FLAGS := -std=gnu11 -O2 -g -fdebug-prefix-map=$(CURDIR)=/snarl $(WARN) -MMD -MP -Iharness $(FLOORS:%=-I%) $(EXTRA)
SCENARIO_FLAGS := -std=gnu11 $(WARN) -Iharness
CHILD_LIBS := -lfiu -ljansson -pthread -ldl
# Further flags and libraries for the scenarios of one folder.
CFLAGS_scenarios/remote_procedure := -I/usr/include/tirpc -DRPCBIND_FOLDER=$(abspath $(BUILD))/rpcbind
LIBS_scenarios/remote_procedure := -ltirpc
SNARL_LIBS := -lsqlite3 -ljansson -ldw -lelf -lm

sources = $(filter-out %_test.c %_fuzz.c,$(wildcard $(addsuffix /*.c,$(1))))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(call sources,$(1)))

# The table of events for the checker.
EVENTS := $(BUILD)/obj/harness/protocol/events.o
CORE := $(call objects,$(FLOORS)) $(EVENTS) $(BUILD)/obj/wrap/points.o
RUN := $(call objects,harness/run harness/run/* harness/store)
# Foreign detectors: all of it is in their cases, the table of tools in snarl too.
FOREIGN := $(call objects,harness/foreign)
SNARL := $(call objects,harness/cli harness/bench reports) \
	$(filter-out %/adapter.o %/runner.o,$(FOREIGN))
WRAP := $(CALLS:%=$(BUILD)/obj/wrap/%.o)
WRAP_EXPLORE := $(MODELLED:%=$(BUILD)/obj/wrap-explore/%.o)

all: built ## build everything
	$(call complete,$(BUILD)/catalog.jsonl)
built: $(BUILD)/snarl $(BUILD)/catalog.jsonl $(BUILD)/scenarios.bats

# A variant that was not built takes only itself out: the rest is built, and then make fails.
complete = @! grep . $(1).failed >&2

# --- flags: a changed flag rebuilds what it was used for ------------------------------------------

# $(1) path, $(2) text: a file that changes only when the text does
define text_file
$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(2)' | cmp -s - $$@ || printf '%s\n' '$(2)' > $$@
endef
# $(1) name, $(2) text: a stamp
stamp = $(call text_file,$(BUILD)/flags/$(1),$(2))
$(eval $(call stamp,harness,$(CLANG) $(HARNESS_FLAGS)))
$(eval $(call stamp,variants,$(CLANG) $(SCENARIO_FLAGS) $(foreach v,$(filter CFLAGS_scenarios/%,$(.VARIABLES)),$($v))))

# --- the harness ----------------------------------------------------------------------------------

define compile
$(call say,CC,$<)
@mkdir -p $(@D)
$(Q)$(CLANG) $(HARNESS_FLAGS) $(CFLAGS_$(*D)) -c $< -o $@
endef
$(BUILD)/obj/%.o: %.c $(BUILD)/flags/harness | $(BUILD)/deps
	$(compile)
# Objects of tests need the packages for tests too.
$(BUILD)/obj/%_test.o: %_test.c $(BUILD)/flags/harness | $(BUILD)/deps-test
	$(compile)
$(EVENTS): $(BUILD)/made/events.c $(BUILD)/flags/harness | $(BUILD)/deps
	$(compile)
$(BUILD)/obj/wrap/%.o: $(BUILD)/wrap/%.c $(BUILD)/flags/harness | $(BUILD)/deps
	$(compile)
$(BUILD)/obj/wrap-explore/%.o: $(BUILD)/wrap-explore/%.c $(BUILD)/flags/harness | $(BUILD)/deps
	$(compile)

$(BUILD)/wrap/%.c: injectors/calls injectors/calls.awk injectors/aliases
	@mkdir -p $(@D)
	$(Q)awk -v call=$* -v aliases=injectors/aliases -f injectors/calls.awk injectors/calls > $@
$(BUILD)/wrap-explore/%.c: injectors/calls injectors/calls.awk injectors/aliases
	@mkdir -p $(@D)
	$(Q)awk -v call=$* -v aliases=injectors/aliases -v model=1 -f injectors/calls.awk injectors/calls > $@
$(BUILD)/made/events.c: harness/protocol/events harness/protocol/events.awk
	@mkdir -p $(@D)
	$(Q)awk -v table=1 -f harness/protocol/events.awk harness/protocol/events > $@
$(BUILD)/wrap/points.c: injectors/calls injectors/calls.awk
	@mkdir -p $(@D)
	$(Q)awk -v points=1 -f injectors/calls.awk injectors/calls > $@

# Blocks of vector clocks are passed only between functions of the engine, so their ABI does not matter.
EXPLORE := $(patsubst harness/explore/%/,%,$(wildcard harness/explore/*/))
CFLAGS_harness/explore := $(EXPLORE:%=-Iharness/explore/%) -Wno-psabi
$(foreach f,$(EXPLORE),$(eval CFLAGS_harness/explore/$f := $(CFLAGS_harness/explore)))
CFLAGS_harness/run := -Iharness/run -Iharness/run/explain -Iharness/run/supervise
CFLAGS_harness/run/explain := $(CFLAGS_harness/run)
CFLAGS_harness/run/supervise := $(CFLAGS_harness/run)
CFLAGS_harness/store := $(CFLAGS_harness/run)
CFLAGS_harness/bench := $(CFLAGS_harness/run)
CFLAGS_harness/cli := $(CFLAGS_harness/run) -Iharness/store -Iharness/bench -Iharness/foreign \
	-Ireports -DSNARL_VERSION='"$(shell sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)"'
$(BUILD)/obj/harness/cli/main.o: debian/changelog
CFLAGS_reports := $(CFLAGS_harness/run) -Iharness/store -Iharness/bench -I$(BUILD)/obj/reports

$(BUILD)/obj/core.a: $(CORE)
$(BUILD)/obj/explore.a: $(call objects,harness/explore harness/explore/*)
$(BUILD)/obj/run.a: $(RUN)
$(BUILD)/obj/core.a $(BUILD)/obj/explore.a $(BUILD)/obj/run.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^


SCRIPT_HASHES := $(patsubst %.js,$(BUILD)/obj/%.sha256,$(wildcard reports/*.js))
STYLES := $(patsubst %,$(BUILD)/obj/%,$(wildcard reports/*.css))
# Embedded files are not headers, so the compiler does not report them as dependencies.
$(BUILD)/obj/reports/assets.o: $(wildcard reports/*.js) $(STYLES) $(SCRIPT_HASHES)
$(BUILD)/obj/harness/store/store.o: $(wildcard harness/store/*.sql)

# A page's content security policy allows only the script with this hash.
$(BUILD)/obj/reports/%.sha256: reports/%.js
	@mkdir -p $(@D)
	$(Q)sha256sum $< | cut -c1-64 | tr a-f A-F | basenc -d --base16 | base64 > $@.line && \
		[ $$(wc -c < $@.line) -eq 45 ] && tr -d '\n' < $@.line > $@

# Every page has the style sheet: comments and indentation are left out of it.
$(STYLES): $(BUILD)/obj/%: %
	@mkdir -p $(@D)
	$(Q)sed -e ':all' -e 'N; $$!b all' -e 's:/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/::g' $< | \
		sed 's/^[[:space:]]*//; s/^\([a-z-]*\): /\1:/; s/ {$$/{/; /^$$/d' > $@

$(BUILD)/snarl: $(SNARL) $(BUILD)/obj/run.a $(BUILD)/obj/core.a
	$(call say,LINK,$@)
	$(Q)$(CLANG) $(EXTRA) -o $@ $^ $(SNARL_LIBS)

# --- the kit: how sources become cases, here and where snarl is installed -------------------------

KIT := $(BUILD)/kit
# Where a file of the tree lies in the kit.
in_kit = $(KIT)/$(if $(filter injectors/profiles/%,$(1)),profiles/)$(notdir $(1))
KIT_SOURCES := harness/snarl.h $(wildcard harness/kit/*) $(wildcard injectors/profiles/*) \
	$(addprefix injectors/,libc emulated outside.awk untranslated.awk process_wide.awk)
COPIED := $(foreach f,$(KIT_SOURCES),$(call in_kit,$f))
$(foreach f,$(KIT_SOURCES),$(eval $(call in_kit,$f): $f))
$(COPIED):
	@mkdir -p $(@D)
	@cp $< $@

$(eval $(call text_file,$(KIT)/calls,$(CALLS)))
$(eval $(call text_file,$(KIT)/libraries,$(CHILD_LIBS)))
$(foreach e,$(ENGINES),$(eval $(call text_file,$(KIT)/$e.flags,$(FLAGS_$e))) \
	$(eval $(call text_file,$(KIT)/$e.link,$(EXTRA) $(LINK_$e))))

# Without debug information: valgrind before 3.20 gives up on clang's.
$(KIT)/foreign.a: $(FOREIGN) $(call objects,harness/base harness/protocol)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^ && strip --strip-debug $@

# $(1) engine
define engine_kit
$(KIT)/$(1).a: $(call objects,harness/$(1) harness/$(1)/*) $(CORE) $(if $(filter explore,$(1)),$(WRAP_EXPLORE),$(WRAP))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
# Names that sources anywhere may not define: they would be the engine's, or be called for others.
$(KIT)/$(1).names: $(KIT)/$(1).a $(KIT)/$(1).symbols
	@{ nm -g --defined-only $(KIT)/$(1).a | awk 'NF == 3 { print $$$$3 }'; cut -d ' ' -f 1 $(KIT)/$(1).symbols; } | \
		grep -vxE 'main|scenario|snarl_program_main' | sort -u > $$@
KIT_$(1) := $(addprefix $(KIT)/,flavour.sh $(1).flags $(1).symbols fences.symbols calls) \
	$(filter-out %.sh %.c %.h $(KIT)/profiles/%,$(COPIED))
endef
$(foreach e,$(ENGINES),$(eval $(call engine_kit,$e)))
$(foreach e,$(ENGINES) fences,$(eval $(call stamp,called_$e,$(CALLED_$e))))
$(KIT)/%.symbols: $(BUILD)/flags/called_% injectors/aliases injectors/redirect.awk
	@mkdir -p $(@D)
	@awk -f injectors/redirect.awk $(BUILD)/flags/called_$* injectors/aliases > $@

KIT_FILES := $(COPIED) $(addprefix $(KIT)/,calls libraries fences.symbols foreign.a \
	$(foreach e,$(ENGINES),$(addprefix $e.,a names flags link symbols)))
built: $(KIT_FILES)

# --- scenarios: every folder's every .c, once per engine ------------------------------------------

FLAVOUR := CLANG='$(CLANG)' $(KIT)/flavour.sh

# $(1) folder of scenarios, $(2) folder that gets <engine>/<scenario>/<variant>, $(3) engine.
# What fails is removed, and is no failure here: see complete.
define flavour
$(2)/obj/$(3)/%.o: $(1)/%.c $(BUILD)/flags/variants $(KIT_$(3)) | $(BUILD)/deps
	$$(call say,$(3),$$<)
	@mkdir -p $$(@D)
	$$(Q)$(FLAVOUR) compile $(3) $$< $$@ -MMD $(SCENARIO_FLAGS) $$(CFLAGS_$(1)/$$(*D)) && \
		$(FLAVOUR) change $(3) $$@ || rm -f $$@

$(2)/$(3)/%: $(2)/obj/$(3)/%.o $(KIT)/$(3).a $(KIT)/$(3).link $(KIT)/libraries
	@mkdir -p $$(@D)
	$$(Q)[ -e $$< ] && $(FLAVOUR) link $(3) $$@ $$< $$(LIBS_$(1)/$$(*D)) || rm -f $$@
endef

# The cases of all engines describe their variant; those with all wrapped calls name all its points.
DESCRIBES := $(firstword $(filter-out explore,$(ENGINES)) $(ENGINES))

# $(1) folder of scenarios, $(2) folder that gets their cases and catalogue
define corpus
$(foreach e,$(ENGINES),$(eval $(call flavour,$(1),$(2),$(e))))
CASES_$(2) := $(foreach e,$(ENGINES),$(patsubst $(1)/%.c,$(2)/$(e)/%,$(wildcard $(1)/*/*.c)))
$(eval $(call stamp,$(subst /,-,$(1)),$(wildcard $(1)/*/*.c)))
$(2)/catalog.jsonl: $$(CASES_$(2)) $(BUILD)/flags/$(subst /,-,$(1)) harness/catalog.sh
	$$(call say,CATALOG,$$@)
	@mkdir -p $$(@D)
	$$(Q)harness/catalog.sh $(2) $(1) $(DESCRIBES) $(ENGINES) > $$@ 2> $$@.failed
endef
$(eval $(call corpus,scenarios,$(BUILD)))
$(eval $(call corpus,bats/fixtures,$(BUILD)/fixtures))
# Scenarios from elsewhere: make corpus FOLDER=... INTO=...; see bats/cases.
ifdef FOLDER
$(eval $(call corpus,$(FOLDER),$(INTO)))
corpus: $(INTO)/catalog.jsonl $(BUILD)/snarl
	$(call complete,$(INTO)/catalog.jsonl)
endif

# One bats test per case.
$(BUILD)/scenarios.bats: $(BUILD)/snarl $(BUILD)/catalog.jsonl bats/cases.awk
	$(Q)$(BUILD)/snarl list --cases > $@.cases && \
		awk -v helpers=$(CURDIR)/bats/helpers -f bats/cases.awk $@.cases > $@

# --- installing -----------------------------------------------------------------------------------

PREFIX := /usr/local
INSTALLER := BUILD='$(BUILD)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' harness/install/install.sh
install: $(BUILD)/snarl $(KIT_FILES) ## the command, its kit and examples, below PREFIX in DESTDIR
	$(Q)$(INSTALLER) install $(KIT_FILES)

uninstall: ## remove what make install put there
	$(Q)$(INSTALLER) uninstall $(KIT_FILES)

OUT := $(BUILD)
deb: ## a Debian package, in the folder OUT, or the build's
	$(Q)debian/rules binary CLANG=$(CLANG) BUILD=$(BUILD) OUT=$(OUT)

# --- tests ----------------------------------------------------------------------------------------

# A unit's tests stand beside it: harness/case/ledger_test.c.
UNITS := $(patsubst %_test.c,$(BUILD)/test/%,$(wildcard harness/*/*_test.c harness/*/*/*_test.c injectors/*_test.c reports/*_test.c))
FUZZERS := $(patsubst %_fuzz.c,$(BUILD)/fuzz/%,$(wildcard harness/*/*_fuzz.c harness/*/*/*_fuzz.c injectors/*_fuzz.c reports/*_fuzz.c))
FUZZ_SECONDS := 60

$(BUILD)/test/%: $(BUILD)/obj/%_test.o $(BUILD)/obj/run.a $(BUILD)/obj/core.a | $(BUILD)/deps-test
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(EXTRA) -o $@ -Wl,--start-group $^ -Wl,--end-group -lcmocka -lm \
		$(CHILD_LIBS) $(SNARL_LIBS)
$(filter $(BUILD)/test/harness/explore/%,$(UNITS)): $(BUILD)/obj/explore.a
$(filter $(BUILD)/test/harness/bench/%,$(UNITS)): $(call objects,harness/bench)
$(filter $(BUILD)/test/harness/foreign/%,$(UNITS)): $(filter-out %/adapter.o %/runner.o,$(FOREIGN))
$(BUILD)/test/harness/tsan/fences: $(BUILD)/obj/harness/tsan/fences.o
$(filter $(BUILD)/test/reports/%,$(UNITS)): $(call objects,reports harness/bench)

FUZZED := $(patsubst $(BUILD)/obj/%.o,%.c,$(patsubst $(BUILD)/obj/wrap/%.o,$(BUILD)/wrap/%.c, \
	$(patsubst $(EVENTS),$(BUILD)/made/events.c,$(CORE) $(RUN))))
# Without the files that only a case has, because they need an engine.
$(BUILD)/fuzz/%: %_fuzz.c $(filter-out harness/main/%.c %/inject.c %/custom.c,$(FUZZED)) | $(BUILD)/deps
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(filter-out -MMD -MP,$(HARNESS_FLAGS)) $(CFLAGS_harness/cli) $(CFLAGS_$(*D)) \
		-fsanitize=fuzzer,address,undefined $(FUZZ_FLAGS) -o $@ $^ $(CHILD_LIBS) $(SNARL_LIBS)
# These go on after a refusal, which ends snarl.
$(BUILD)/fuzz/harness/run/catalog: FUZZ_FLAGS := -Wl,--wrap=die
$(BUILD)/fuzz/harness/store/store: FUZZ_FLAGS := -Wl,--wrap=die -Wl,--wrap=sqlite3_open_v2
$(filter $(BUILD)/fuzz/reports/%,$(FUZZERS)): $(call sources,reports harness/bench) \
	| $(SCRIPT_HASHES)
$(BUILD)/fuzz/harness/explore/schedule/schedule: harness/explore/schedule/schedule.c

fixtures: all $(BUILD)/fixtures/catalog.jsonl
	$(call complete,$(BUILD)/fixtures/catalog.jsonl)
units: $(UNITS)
	$(Q)for unit in $(UNITS); do CMOCKA_MESSAGE_OUTPUT=TAP $$unit || exit 1; done

test: all fixtures $(UNITS) | $(BUILD)/deps-test ## all tests
	$(Q)bats/run $(UNITS)

fuzz: $(FUZZERS) ## every fuzzer for FUZZ_SECONDS
	$(Q)for fuzzer in $(FUZZERS); do \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 || exit 1; done

# Memory that the command holds until it exits is no leak; what tests of units leave behind is.
SANITIZED := BUILD=$(BUILD)/sanitize ENGINES=stress \
	EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=all'
SNARL_SANITIZED := ASAN_OPTIONS=detect_leaks=0 $(BUILD)/sanitize/snarl
# Scenarios whose results, of all engines, a sanitized snarl renders.
RENDERED := ordinary_pipe stream_socket direct_message counter bounded_buffer lock_order
# ASan does not follow the stacks of fibers, so explore runs only under UBSan.
UNDEFINED := BUILD=$(BUILD)/undefined ENGINES=explore \
	EXTRA='-fsanitize=undefined -fno-sanitize-recover=all'
sanitize: all ## unit tests and a run of every scenario, the harness under ASan and UBSan
	$(Q)ASAN_OPTIONS=detect_leaks=0 $(MAKE) $(SANITIZED) all
	$(Q)$(MAKE) $(SANITIZED) units
	$(Q)$(SNARL_SANITIZED) run --profile chaos --budget 500ms \
		$$($(SNARL_SANITIZED) list --cases | awk '$$3 == "clean" { print $$1 }')
	$(Q)$(SNARL_SANITIZED) run --profile chaos --budget 5s \
		$$($(SNARL_SANITIZED) list --cases | awk '$$3 != "clean" { print $$1 }')
	$(Q)$(SNARL_SANITIZED) report
	$(Q)for format in sarif junit chrome jsonl; do \
		$(SNARL_SANITIZED) export --format $$format --out $(BUILD)/sanitize/snarl.$$format || exit 1; done
	$(Q)SNARL_BUILD=$(BUILD) $(SNARL_SANITIZED) run --budget 500ms --db $(BUILD)/sanitize/all.db $(RENDERED) || [ $$? -eq 1 ]
	$(Q)SNARL_BUILD=$(BUILD) $(SNARL_SANITIZED) report --db $(BUILD)/sanitize/all.db --out $(BUILD)/sanitize/all
	$(Q)for format in sarif junit chrome jsonl; do \
		$(SNARL_SANITIZED) export --format $$format --db $(BUILD)/sanitize/all.db \
			--out $(BUILD)/sanitize/all.$$format || exit 1; done
	$(Q)$(MAKE) $(UNDEFINED) all units $(BUILD)/undefined/fixtures/catalog.jsonl
	$(Q)$(BUILD)/undefined/snarl run --profile chaos
	$(Q)SNARL_BUILD=$(BUILD)/undefined/fixtures $(BUILD)/undefined/snarl run explore processes --budget 500ms || \
		[ $$? -eq 3 ] # one of them cannot run there, on purpose

INCLUDES := -Iharness $(FLOORS:%=-I%) $(CFLAGS_harness/cli) $(EXPLORE:%=-Iharness/explore/%)
MADE := $(patsubst %,$(BUILD)/wrap/%.c,$(CALLS) points) $(MODELLED:%=$(BUILD)/wrap-explore/%.c)
LINTED := $(wildcard harness/*.h harness/*/*.[ch] harness/*/*/*.[ch] injectors/*.[ch] reports/*.[ch] \
	scenarios/*/*.[ch] bats/fixtures/*/*.[ch] bats/programs/*.c \
	examples/*/*/*.[ch]) $(MADE)
# The direction of all calls, by the symbols of the objects.
HOUSE := $(CORE) $(RUN) $(sort $(SNARL) $(FOREIGN)) $(foreach e,$(ENGINES),$(call objects,harness/$(e) harness/$(e)/*))
floors: $(HOUSE)
	$(Q)nm -A $^ | awk -v root=$(BUILD)/obj/ -f harness/floors.awk harness/floors -

lint: $(MADE) floors prose | $(BUILD)/deps-test ## format, shell, cppcheck, and the harness under gcc's eyes
	$(Q)clang-format --style=file:.clang-format --dry-run -Werror $(LINTED)
	$(Q)shellcheck harness/*.sh harness/*/*.sh examples/*/*.bash bats/run bats/cases bats/simulate bats/*.bash .ci/run
	$(Q)cppcheck --quiet --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
		--suppress=comparePointers $(INCLUDES) \
		-j$(shell nproc) harness injectors reports
	$(Q)printf '%s\n' $(filter %.c,$(filter-out scenarios/% bats/% examples/%,$(LINTED))) | \
		xargs -n 1 -P $(shell nproc) gcc $(filter-out -MMD -MP,$(HARNESS_FLAGS)) $(INCLUDES) \
			-Wno-psabi -fsyntax-only

# The engine for arm64 can be compiled here, not run.
ARM64 := /usr/aarch64-linux-gnu/include
arm64: | $(BUILD)/deps-test
	$(Q)[ -d $(ARM64) ] || echo 'arm64: not compiled, there are no headers in $(ARM64)'
	$(Q)[ ! -d $(ARM64) ] || for file in $(call sources,harness/explore harness/explore/*); do \
		$(CLANG) --target=aarch64-linux-gnu -isystem $(ARM64) -idirafter /usr/include \
			$(filter-out -MMD -MP,$(HARNESS_FLAGS)) $(CFLAGS_harness/explore) \
			-fsyntax-only $$file || exit 1; done

# --- what people ask for --------------------------------------------------------------------------

# EFFORT=long, for nightly runs: every correct case runs for two seconds, whatever its broken twins
# need.
EFFORT := calibrated
N := 20
RUN_ALL := $(BUILD)/snarl run --profile delays --effort $(EFFORT)
check-races: built | $(BUILD)/deps ## the main job: run every case with injected delays, write the report
	$(Q)$(RUN_ALL) $(ARGS); code=$$?; \
		$(BUILD)/snarl report || [ $$code -ne 0 ] || code=3; exit $$code

check-races-repeat: built | $(BUILD)/deps ## the main job N times: which cases come out differently?
	$(Q)$(RUN_ALL) --repeat $(N) $(ARGS)

report: built ## write the report of what is in the store
	$(Q)$(BUILD)/snarl report

list: built ## scenarios, variants and what each engine sees
	$(Q)$(BUILD)/snarl list

bench: all ## measure the engines
	$(Q)$(BUILD)/snarl bench

diff: built ## each broken variant against the nearest correct one: make diff S=bounded_buffer
	$(if $(S),,$(error name a scenario: make diff S=bounded_buffer))
	$(Q)$(BUILD)/snarl diff $(S)

SCENARIOS_PAGE = $(BUILD)/snarl list --json | jq -rs --rawfile about scenarios/about -f scenarios/readme.jq
EVENTS_PAGE := awk -f harness/protocol/events.awk harness/protocol/events
EVENTS_SCHEMA := awk -v schema=1 -f harness/protocol/events.awk harness/protocol/events
docs: all ## the pages that are made from tables
	$(Q)$(EVENTS_PAGE) > harness/protocol/EVENTS.md
	$(Q)$(EVENTS_SCHEMA) > harness/protocol/events.schema.json
	$(Q)$(SCENARIOS_PAGE) > scenarios/README.md

# The failures of docs/GUIDE.md, found by its own command.
screenshots: all | $(BUILD)/deps-test ## the pictures of the guide
	$(Q)rm -rf $(BUILD)/guide && mkdir $(BUILD)/guide
	$(Q)$$(grep '^build/snarl run' docs/GUIDE.md) --db $(BUILD)/guide/snarl.db
	$(Q)$(BUILD)/snarl report --db $(BUILD)/guide/snarl.db --out $(BUILD)/guide
	$(Q)node bats/browser/screenshots.mjs $(BUILD)/guide docs

# Finds unclear sentences by pattern, pages that differ from their tables, and dead links.
PAPERS := $(wildcard *.md docs/*.md scenarios/*.md harness/*/*.md)
PROSE := $(filter-out harness/prose.awk %.db,$(wildcard Makefile harness/* harness/*/*.* harness/*/*/*.* \
	injectors/*.* injectors/calls reports/*.[ch] scenarios/*/*.[ch] bats/* bats/fixtures/*/*.[ch] \
	bats/programs/*.c examples/*/*/*.[ch])) $(PAPERS)
prose: all
	$(Q)awk -f harness/prose.awk $(filter %.c %.h %.awk %.bats %.bash %.sh %.md Makefile \
		bats/run bats/cases bats/simulate injectors/calls harness/floors harness/protocol/events,$(PROSE))
	$(Q)$(EVENTS_PAGE) | diff harness/protocol/EVENTS.md - && \
		$(EVENTS_SCHEMA) | diff harness/protocol/events.schema.json - && $(SCENARIOS_PAGE) | diff scenarios/README.md - || \
		{ echo 'the pages are not as their tables: make docs'; exit 1; }
	$(Q)awk -f harness/links.awk $(PAPERS)

deps: ## install what snarl needs
	$(Q)CLANG=$(CLANG) BUILD=$(BUILD) sh harness/setup.sh deps
	$(Q)CLANG=$(CLANG) BUILD=$(BUILD) sh harness/setup.sh deps test

doctor: ## what was found on this machine, and what to do about the rest
	$(Q)CLANG=$(CLANG) BUILD=$(BUILD) sh harness/setup.sh doctor

clean: ## remove all that was built
	$(Q)rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The README's commands and `make deps` install what is missing. Any other goal only names it, and
# checks again next time, because what is optional is only looked for by an installation.
INSTALLS := $(if $(filter check-races check-races-repeat test lint,$(MAKECMDGOALS)),deps,check)
# One after the other, because two installations at once would wait for each other's lock.
$(BUILD)/deps-test: | $(BUILD)/deps
$(BUILD)/deps $(BUILD)/deps-test: harness/setup.sh
	@mkdir -p $(@D)
	$(Q)CLANG=$(CLANG) BUILD=$(BUILD) sh harness/setup.sh $(INSTALLS) $(patsubst deps-%,%,$(filter deps-%,$(@F)))
	@[ $(INSTALLS) = check ] || touch $@

-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)

FORCE:
.PHONY: all built fixtures corpus units test fuzz sanitize floors prose lint arm64 check-races check-races-repeat report list bench diff docs screenshots deps doctor \
	install uninstall deb clean help FORCE
