/* rule_test.c - rules as people write them, and as they mistype them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "prng.h"
#include "rule.h"

static struct rule parsed(const char *text)
{
	char why[RULE_ERROR_MAX];
	struct rule rule;

	if (rule_parse(text, &rule, why) != 0)
		fail_msg("%s: %s", text, why);
	return rule;
}

static void delays(void **unused)
{
	struct rule rule = parsed("put/*:delay:p=0.25,us=3..50");

	(void)unused;
	assert_int_equal(rule.action, RULE_DELAY);
	assert_int_equal(rule.delay_us_min, 3);
	assert_int_equal(rule.delay_us_max, 50);
	assert_true(rule.probability == 0.25);
	assert_int_equal(parsed("a:delay:us=7").delay_us_max, 7);
	assert_int_equal(parsed("a:delay:us=7").delay_us_min, 7);
	assert_int_equal(parsed("a:delay").delay_us_max, 50);
}

static void pauses_are_longer_than_delays(void **unused)
{
	struct rule rule = parsed("take/holding:pause");

	(void)unused;
	assert_int_equal(rule.action, RULE_PAUSE);
	assert_int_equal(rule.delay_us_min, 1);
	assert_int_equal(rule.delay_us_max, 1000);
	rule = parsed("a:pause:us=100..200,p=0.5");
	assert_int_equal(rule.delay_us_min, 100);
	assert_int_equal(rule.delay_us_max, 200);
	assert_int_equal(parsed("a:crash").delay_us_max, 0);
}

static void errors_and_counts(void **unused)
{
	(void)unused;
	assert_int_equal(parsed("posix/io/rw/read:errno=EINTR:p=0.1").error, EINTR);
	assert_int_equal(parsed("libc/mm/malloc:errno=ENOMEM:nth=3").nth, 3);
	assert_true(parsed("a:yield:once").once);
	assert_true(parsed("a:yield").probability == 1);
	assert_int_equal(parsed("posix/io/rw/read:short:p=0.3").action, RULE_SHORT);
	assert_int_equal(parsed("posix/io/net/send:drop:p=0.1").action, RULE_DROP);
	assert_int_equal(parsed("posix/io/net/send:duplicate:once").action, RULE_DUPLICATE);
	assert_int_equal(parsed("posix/io/net/send:reorder:nth=2").action, RULE_REORDER);
	assert_int_equal(parsed("posix/io/net/send:truncate").action, RULE_TRUNCATE);
}

/* The refusal of an unknown action lists all actions, and each of them is valid. */
static void a_refusal_names_every_action(void **unused)
{
	char why[RULE_ERROR_MAX], long_word[RULE_POINTS_MAX], *word, *rest;
	struct rule rule;
	unsigned count = 0;

	(void)unused;
	memset(long_word, 'x', sizeof long_word - 1);
	memcpy(long_word, "a:", 2);
	long_word[sizeof long_word - 1] = '\0';
	assert_int_equal(rule_parse(long_word, &rule, why), -EINVAL);
	assert_non_null(strstr(why, " (errno=EINTR)")); /* there is room for the last of them */
	rest = strstr(why, "valid: ") + strlen("valid: ");
	while ((word = strsep(&rest, ", ")) && strcmp(word, "errno=NAME") != 0) {
		char text[64], ignored[RULE_ERROR_MAX];

		if (!*word)
			continue;
		snprintf(text, sizeof text, "a:%s", word);
		if (rule_parse(text, &rule, ignored) != 0)
			fail_msg("%s: %s", text, ignored);
		assert_int_equal(rule.action, count == RULE_ERRNO ? ++count : count);
		count++;
	}
	assert_int_equal(count, RULE_TRUNCATE + 1);
}

static void nonsense_is_refused_with_a_sentence(void **unused)
{
	static const char *const bad[] = {"", ":", "a", "a:", ":delay", "a:dely", "a:delay:p=2",
		"a:delay:p=-1", "a:delay:p=", "a:delay:p=0.1.2", "a:delay:us=5..1",
		"a:delay:us=1..2..3", "a:delay:us=1000001", "a:delay:us= 1", "a:yield:us=1",
		"a:errno=EWHAT", "a:errno=", "a:errno", "a:delay:nth=0", "a:delay:nth=-1",
		"a:delay:nth=1x", "a:delay:once=1", "a:delay:", "a:delay:p=0.1,", "a:delay:p=nan",
		"a:delay:p=0.1:x=2", "a:delay:p=1e9", "a:short=1", "a:short:us=1", "a:shor",
		"a:drop:us=1", "a:drop=1", "a:duplicate:x", "a:reorder:nth=0", "a:truncate:us=2",
		"a:pause:us=1000001", "a:pause:us=2..1", "a:paus"};
	char why[RULE_ERROR_MAX];
	struct rule rule;

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (rule_parse(bad[i], &rule, why) == 0)
			fail_msg("accepted '%s'", bad[i]);
		assert_non_null(strstr(why, "valid") ? strstr(why, "valid") : strstr(why, "form"));
	}
}

static void globs_name_points(void **unused)
{
	struct rule all = parsed("*:delay"), put = parsed("put/*:delay"),
		    error = parsed("*:errno=EIO"), less = parsed("*:short");

	(void)unused;
	assert_true(rule_names(&all, "put/after_check"));
	assert_true(rule_names(&all, "posix/sem/wait"));
	assert_true(rule_names(&put, "put/after_check"));
	assert_false(rule_names(&put, "take/after_check"));
	assert_true(rule_names(&error, "libc/mm/malloc"));
	assert_false(rule_names(&error, "libc/mm/free")); /* which has no way to fail */
	assert_true(rule_names(&all, "libc/mm/free"));
	assert_false(rule_names(&error, "put/after_check"));
	assert_true(rule_names(&error, "posix/io/rw/write"));
	assert_true(rule_names(&less, "posix/io/rw/write"));
	assert_false(rule_names(&less, "posix/io/oc/close")); /* which transfers nothing */
	assert_false(rule_names(&less, "put/after_check"));
}

static void only_what_is_sent_goes_astray(void **unused)
{
	static const char *const rules[] = {"*:drop", "*:duplicate", "*:reorder", "*:truncate"};
	struct rule pause = parsed("*:pause");

	(void)unused;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct rule rule = parsed(rules[i]);

		assert_true(rule_names(&rule, "posix/io/net/send"));
		assert_true(rule_names(&rule, "posix/io/net/sendto"));
		assert_true(rule_names(&rule, "posix/io/net/sendmsg"));
		assert_false(rule_names(&rule, "posix/io/rw/write"));
		assert_false(rule_names(&rule, "posix/io/oc/close"));
		assert_false(rule_names(&rule, "put/after_check"));
	}
	assert_true(rule_names(&pause, "put/after_check"));
	assert_true(rule_names(&pause, "libc/mm/free"));
}

/* Whatever a valid rule says is parsed from its text again. */
static void written_rules_come_back(void **unused)
{
	uint64_t random = 1;

	(void)unused;
	for (int round = 0; round < 20000; round++) {
		uint32_t low = (uint32_t)prng_below(&random, 1000), nth;
		uint32_t high = low + (uint32_t)prng_below(&random, 1000);
		unsigned percent = (unsigned)prng_below(&random, 101);
		char text[128];
		struct rule rule;

		nth = 1 + (uint32_t)prng_below(&random, 1000000);
		snprintf(text, sizeof text, "put/x:%s:p=%u.%02u,us=%u..%u,nth=%u%s",
			round & 2 ? "pause" : "delay", percent / 100, percent % 100, low, high, nth,
			round & 1 ? ",once" : "");
		rule = parsed(text);
		assert_int_equal(rule.action, round & 2 ? RULE_PAUSE : RULE_DELAY);
		assert_int_equal(rule.delay_us_min, low);
		assert_int_equal(rule.delay_us_max, high);
		assert_int_equal(rule.nth, nth);
		assert_int_equal(rule.once, round & 1);
		assert_true(rule.probability * 100 > percent - 0.01 &&
			    rule.probability * 100 < percent + 0.01);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delays),
		cmocka_unit_test(pauses_are_longer_than_delays),
		cmocka_unit_test(errors_and_counts),
		cmocka_unit_test(a_refusal_names_every_action),
		cmocka_unit_test(nonsense_is_refused_with_a_sentence),
		cmocka_unit_test(globs_name_points),
		cmocka_unit_test(only_what_is_sent_goes_astray),
		cmocka_unit_test(written_rules_come_back),
	};

	return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
