#ifndef INVENTORYAI_ETS_SIMULATE_H
#define INVENTORYAI_ETS_SIMULATE_H

#include "layout.h"
#include "sorting.h"
#include "state.h"

#define MOST_MEMBERS 4         /* forms that are taken together */
#define LONGEST_MEMORY 1024    /* so many of the last errors are what errors to come are drawn from */

/* Futures are drawn with the same ranks for all products. */
struct draws {
    int horizon, paths, levels; /* `paths` is a power of two */
    const int64_t *ranks;      /* [horizon, paths]: which of the equally likely errors comes, each once a step */
    const double *normal;      /* [paths], what they would be if errors were normal, rising */
    const int64_t *places;     /* [levels], which path in rising order is the quantile */
};

/* Some fitted forms of each product, the best first, and what each counts; 0 for none. */
struct fitted {
    int members;
    const int64_t *form;       /* [n, members] */
    const double *weight;      /* [n, members] */
    const double *parameters;  /* [n, members, MOST]: alpha, beta, gamma, phi, level, trend, season */
};

struct answers {
    double *mean, *quantiles, *totals; /* [n, horizon], [n, horizon, levels] twice */
};

/* One form of each product of a group, with its errors in rising order. */
struct member {
    enum kind kind;
    struct state at;           /* after the history */
    lanes weight;
    lanes *table;              /* [paths], of mean 0 */
};

/* `scratch` holds `periods` and LONGEST_MEMORY rows; `plans` sort 64, 128 … 1,024 of them. */
void remember(const struct columns *, const struct fitted *, int which, const int64_t *products, int count, int season,
              const struct draws *, const struct exchanges *plans, lanes *scratch, struct member *);

/* 0, or -1 when there is no memory. */
int simulate_group(const struct histories *, const int64_t *products, int count, const struct fitted *,
                   const struct draws *, const struct exchanges *plans, struct answers *);

#endif
