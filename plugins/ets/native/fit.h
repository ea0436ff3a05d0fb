#ifndef INVENTORYAI_ETS_FIT_H
#define INVENTORYAI_ETS_FIT_H

#include "layout.h"
#include "model.h"

/* What is found, a row for each product and form. */
struct findings {
    double *cost, *raw;        /* [n, FORMS] */
    double *parameters;        /* [n, FORMS, MOST]: alpha, beta, gamma, phi, level, trend, season */
};

/* What is to be fitted, a bit for each form. */
struct task {
    int64_t forms, known;      /* `known` are among the findings already, and starting points */
    int steps, prune;          /* whether forms that are far behind may be left unfinished */
};

/* 0, or -1 when there is no memory. */
int fit(const struct histories *, const int64_t *products, int64_t count, const struct task *, struct findings *);

#endif
