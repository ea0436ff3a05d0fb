/* Sorting eight columns at once: a network of comparisons knows no branches. */

#ifndef INVENTORYAI_ETS_SORTING_H
#define INVENTORYAI_ETS_SORTING_H

#include "lanes.h"

/* Which pairs are to be compared, in order, to sort columns of some length. */
struct exchanges {
    int length, count;
    uint16_t (*pairs)[2];
};

/* Batcher's odd-even merge sort; 0, or -1 when there is no memory. */
int plan_exchanges(int length, struct exchanges *);

void forget_exchanges(struct exchanges *);

INLINE void sort_columns(lanes *rows, const struct exchanges *plan) {
    for (int i = 0; i < plan->count; i++) {
        lanes *const low = rows + plan->pairs[i][0], *const high = rows + plan->pairs[i][1];
        const lanes one = *low, other = *high;
        *low = smaller(one, other);
        *high = larger(one, other);
    }
}

#endif
