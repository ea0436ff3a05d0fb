/* Histories as Python gives them, and eight of them side by side. */

#ifndef INVENTORYAI_ETS_LAYOUT_H
#define INVENTORYAI_ETS_LAYOUT_H

#include "lanes.h"

struct histories {
    const double *values;      /* end to end; NaN where unknown */
    const int64_t *offsets;    /* [n + 1] */
    int season;
};

struct columns {
    int periods;               /* of the longest; all begin at 0 */
    int lengths[LANES];
    lanes *demand;             /* [periods], 0 where unknown */
    lanes *known;              /* [periods], 1 or 0 */
};

/* The histories of up to eight products; spare lanes repeat the last. 0, or -1 when there is no memory. */
int lay_out(const struct histories *, const int64_t *products, int count, struct columns *);

void put_away(struct columns *);

INLINE const double *history_of(const struct histories *from, int64_t product, int *length) {
    *length = (int)(from->offsets[product + 1] - from->offsets[product]);
    return from->values + from->offsets[product];
}

#endif
