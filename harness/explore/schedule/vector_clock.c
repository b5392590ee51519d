/* vector_clock.c - how far clocks have grown. */
#include "vector_clock.h"

unsigned clock_blocks = 1;
