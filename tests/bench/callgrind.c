/* Lets a script say to valgrind what to count: built by tests/bench/counting.py, called through ctypes. */
#include <valgrind/callgrind.h>

void begin_counting(void) { CALLGRIND_START_INSTRUMENTATION; }
void toggle(void) { CALLGRIND_TOGGLE_COLLECT; }
void told(const char *name) { CALLGRIND_DUMP_STATS_AT(name); }
