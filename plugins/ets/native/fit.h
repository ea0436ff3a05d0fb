#ifndef INVENTORYAI_ETS_FIT_H
#define INVENTORYAI_ETS_FIT_H

#include "layout.h"
#include "model.h"

/* What is found, a row for each product and form. */
struct findings {
    double *cost, *raw;        /* [n, FORMS] */
    double *parameters;        /* [n, FORMS, MOST]: alpha, beta, gamma, phi, level, trend, season */
};

/* Fits forms (a bit each) to up to eight products; 0, or -1 when there is no memory. */
int fit_group(const struct histories *, const int64_t *products, int count, int64_t forms, struct findings *);

#endif
