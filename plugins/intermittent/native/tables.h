/* From histories to the distribution of a period, and from there to totals. */

#ifndef INVENTORYAI_INTERMITTENT_TABLES_H
#define INVENTORYAI_INTERMITTENT_TABLES_H

#include "model.h"

/* Arrays as Python has them. */
struct window {
    const double *counts, *known; /* [periods, products] */
    const unsigned char *whole;   /* [products] */
    int64_t products;
};

struct tables {
    float *values;             /* [products, phases, PATHS] */
    double *mean;              /* [products, phases] */
    double *dependence;        /* [products] */
};

/* 0, or -1 when there is no memory. */
int make_tables(const struct plan *, const struct window *, struct tables *);

struct totals {
    const float *values;       /* [n, phases, PATHS] */
    const int64_t *products;   /* which of them, and how many */
    int64_t count;
    const int64_t *ranks;      /* [horizon, PATHS], the entry that each path takes in each step */
    const int64_t *places;     /* [levels], the place of each quantile */
    int phases, horizon, levels;
    double *to;                /* [n, horizon, levels] */
};

int sum_futures(const struct totals *);

/* From histories [products, periods], NaN where unknown, to counts and whether they are known [periods, products]. */
void count_units(const double *histories, int periods, int64_t products, double *counts, double *known, double *unit,
                 unsigned char *whole);

#endif
