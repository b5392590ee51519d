# snarl: one Makefile, not recursive. Engines are data: a flavour is a folder under harness/ and
# two lines of flags here. `make help` lists what you can ask for.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

ifndef V
Q := @
say = @printf '  %-8s %s\n' $(1) $(2);
else
say =
endif

# clang, the newest that is here: make CLANG=clang-14 chooses another.
CLANG ?= $(firstword $(notdir $(wildcard /usr/bin/clang /usr/local/bin/clang)) clang)
BUILD := build

ENGINES := stress tsan
FLAGS_stress := -O2 -g
FLAGS_tsan := -O1 -g -fsanitize=thread
LINK_tsan := -fsanitize=thread

WARN := -Wall -Wextra -Werror
HARNESS_FLAGS := -std=gnu11 -O2 -g $(WARN) -MMD -MP -Iharness -Iharness/core -Iinjectors
SCENARIO_FLAGS := -std=gnu11 $(WARN) -MMD -MP -Iharness
CHILD_LIBS := -lfiu -ljansson -pthread -ldl
SNARL_LIBS := -lsqlite3 -ljansson -ldw -lelf

sources = $(filter-out %_test.c,$(wildcard $(addsuffix /*.c,$(1))))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(call sources,$(1)))

CORE := $(call objects,harness/core injectors)
WRAP := $(call objects,injectors/wrap)
SNARL := $(call objects,harness/cli harness/run harness/store reports)
WRAPPED := $(notdir $(basename $(call sources,injectors/wrap)))

all: $(BUILD)/snarl $(BUILD)/catalog.jsonl $(BUILD)/scenarios.bats ## build everything

# --- flags: a changed flag rebuilds what it was used for ------------------------------------------

# $(1) name, $(2) text: a stamp that changes only when the text does
define stamp
$(BUILD)/flags/$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(2)' | cmp -s - $$@ || printf '%s\n' '$(2)' > $$@
endef
$(eval $(call stamp,harness,$(CLANG) $(HARNESS_FLAGS)))
$(foreach e,$(ENGINES),$(eval $(call stamp,$(e),$(CLANG) $(SCENARIO_FLAGS) $(FLAGS_$(e)))))
$(eval $(call stamp,wrapped,$(WRAPPED)))

# --- the harness ----------------------------------------------------------------------------------

$(BUILD)/obj/%.o: %.c $(BUILD)/flags/harness | $(BUILD)/deps
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(HARNESS_FLAGS) $(CFLAGS_$(*D)) -c $< -o $@

CFLAGS_harness/run := -Iharness/run
CFLAGS_harness/store := -Iharness/run
CFLAGS_harness/cli := -Iharness/run -Iharness/store -Ireports
CFLAGS_reports := -Iharness/run -Iharness/store

$(BUILD)/obj/core.a: $(CORE)
$(BUILD)/obj/wrap.a: $(WRAP)
$(BUILD)/obj/core.a $(BUILD)/obj/wrap.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/obj/reports/assets.o: $(wildcard reports/*.css reports/*.js)

$(BUILD)/snarl: $(SNARL) $(BUILD)/obj/core.a
	$(call say,LINK,$@)
	$(Q)$(CLANG) -o $@ $^ $(SNARL_LIBS)

# --- scenarios: every folder's every .c, once per engine ------------------------------------------

# The list of wrapped calls is the list of files in injectors/wrap; see wrap.h there.
$(BUILD)/wrapped: $(BUILD)/flags/wrapped
	@printf '%s\n' $(foreach c,$(WRAPPED),'$(c) snarl_wrap_$(c)') > $@

# $(1) folder of scenarios, $(2) folder that gets <engine>/<scenario>/<variant>, $(3) engine
define flavour
$(2)/obj/$(3)/%.o: $(1)/%.c $(BUILD)/flags/$(3) $(BUILD)/wrapped | $(BUILD)/deps
	$$(call say,$(3),$$<)
	@mkdir -p $$(@D)
	$$(Q)$(CLANG) $(SCENARIO_FLAGS) $(FLAGS_$(3)) -c $$< -o $$@ && \
		objcopy --redefine-syms=$(BUILD)/wrapped $$@

$(2)/$(3)/%: $(2)/obj/$(3)/%.o $(call objects,harness/$(3)) $(BUILD)/obj/wrap.a $(BUILD)/obj/core.a
	@mkdir -p $$(@D)
	$$(Q)$(CLANG) $(LINK_$(3)) -o $$@ $$^ $(CHILD_LIBS)
endef

# $(1) folder of scenarios, $(2) folder that gets their cases and catalogue
define corpus
$(foreach e,$(ENGINES),$(eval $(call flavour,$(1),$(2),$(e))))
CASES_$(2) := $(foreach e,$(ENGINES),$(patsubst $(1)/%.c,$(2)/$(e)/%,$(wildcard $(1)/*/*.c)))
$(2)/catalog.jsonl: $$(CASES_$(2))
	$$(call say,CATALOG,$$@)
	@mkdir -p $$(@D)
	$$(Q){ echo '{"root":"$(CURDIR)","folder":"$(1)"}'; \
		for case in $$(filter $(2)/$(firstword $(ENGINES))/%,$$(sort $$^)); do \
		$$$$case --describe || exit 1; done; } > $$@
endef
$(eval $(call corpus,scenarios,$(BUILD)))
$(eval $(call corpus,bats/fixtures,$(BUILD)/fixtures))

# bats finds cases through this file, which bats/scenarios.bats links to.
$(BUILD)/scenarios.bats: $(BUILD)/snarl $(BUILD)/catalog.jsonl bats/cases.awk
	$(Q)$(BUILD)/snarl list --cases | awk -f bats/cases.awk > $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

FORCE:
.PHONY: all FORCE
$(BUILD)/deps:
	@mkdir -p $(@D); touch $@
