/* Sorting sixteen columns at once. */

#ifndef INVENTORYAI_ETS_BITONIC_H
#define INVENTORYAI_ETS_BITONIC_H

#include "lanes.h"

#define COLUMNS (2 * LANES)
#define BLOCK 16

/* Seven digits, more than a forecast has: what eight products sell in a period goes beside what they sell in
 * all periods up to it, and both are sorted in the time of one. */
typedef float singles __attribute__((vector_size(COLUMNS * sizeof(float))));

/* `count` is a power of two, and at least BLOCK; no value may be NaN. */
void sort_rows(singles *rows, int count);

#endif
