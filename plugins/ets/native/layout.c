#include "layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int lay_out(const struct histories *from, const int64_t *products, int count, struct columns *to) {
    to->periods = 0;
    for (int lane = 0; lane < LANES; lane++) {
        history_of(from, products[lane < count ? lane : count - 1], &to->lengths[lane]);
        if (to->lengths[lane] > to->periods) to->periods = to->lengths[lane];
    }
    void *block;
    const size_t size = (size_t)to->periods * sizeof(lanes);
    if (posix_memalign(&block, sizeof(lanes), 2 * size)) return -1;
    memset(block, 0, 2 * size);
    to->demand = block;
    to->known = to->demand + to->periods;
    for (int lane = 0; lane < LANES; lane++) {
        int length;
        const double *history = history_of(from, products[lane < count ? lane : count - 1], &length);
        for (int time = 0; time < length; time++)
            if (!isnan(history[time])) to->demand[time][lane] = history[time], to->known[time][lane] = 1;
    }
    return 0;
}

void put_away(struct columns *columns) { free(columns->demand); }
