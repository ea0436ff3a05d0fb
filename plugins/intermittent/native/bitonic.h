/* Sorting sixteen columns at once. */

#ifndef INVENTORYAI_INTERMITTENT_BITONIC_H
#define INVENTORYAI_INTERMITTENT_BITONIC_H

#include "lanes.h"

#define COLUMNS (2 * LANES)
#define BLOCK 16

/* Numbers of sixteen products, side by side: counts, which single precision holds exactly. */
typedef float singles __attribute__((vector_size(COLUMNS * sizeof(float))));

/* `count` is a power of two, and at least BLOCK; no value may be NaN. */
void sort_rows(singles *rows, int count);

#endif
