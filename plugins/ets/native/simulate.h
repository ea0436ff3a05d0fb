#ifndef INVENTORYAI_ETS_SIMULATE_H
#define INVENTORYAI_ETS_SIMULATE_H

#include "layout.h"
#include "model.h"
#include "sorting.h"

/* Futures are drawn with the same ranks for all products. */
struct draws {
    int horizon, paths, levels;
    const int64_t *ranks;      /* [horizon, paths]: which of the equally likely errors comes, each once a step */
    const double *normal;      /* [paths], what they would be if errors were normal, rising */
    const int64_t *places;     /* [levels], which path in rising order is the quantile */
};

struct fitted {
    const int64_t *form;       /* [n] */
    const double *parameters;  /* [n, MOST] */
};

struct answers {
    double *mean, *quantiles, *totals; /* [n, horizon], [n, horizon, levels] twice */
};

/* `plans` sorts first the paths, then 64, 128 … 1,024 errors. 0, or -1 when there is no memory. */
int simulate_group(const struct histories *, const int64_t *products, int count, const struct fitted *,
                   const struct draws *, const struct exchanges *, struct answers *);

#endif
