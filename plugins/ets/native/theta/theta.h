/* The dynamic optimised theta model (Fiorucci et al. 2016) of eight products side by side.
 *
 * Demand without its season is forecast by exponential smoothing, plus a share of what the smoothing lags
 * behind the line of least squares through all that was known by then:
 *     forecast(t) = level(t-1) + share * (q(t-1) intercept(t-1) + (1 - q(t)) / alpha * slope(t-1)),
 *     level(t) = level(t-1) + alpha * (demand(t) - level(t-1)),  q(t) = (1 - alpha)^t.
 * The paper's theta is 1 / (1 - share). */

#ifndef INVENTORYAI_ETS_THETA_H
#define INVENTORYAI_ETS_THETA_H

#include "../bitonic.h"
#include "../layout.h"
#include "../sorting.h"

#define LONGEST_SEASON 52
#define REMEMBERED 512         /* periods back that past errors are drawn from */

/* What a period of the season adds, and by what it multiplies: 0 and 1 where there is no season. */
struct seasons {
    lanes plus[LONGEST_SEASON], times[LONGEST_SEASON];
};

/* Demand without season, and what was known of its line before each period. */
struct past {
    const struct columns *columns;
    int season;
    lanes *demand, *intercept, *slope, *judged; /* [periods]; judged is 1 where an error counts */
    struct seasons seasons;
    lanes largest;             /* demand without season */
};

struct model {
    lanes alpha, level, share; /* the level at the start */
};

/* Where a model stands after the last period. */
struct present {
    lanes level, q, intercept, slope;
};

/* What all products have in common. */
struct task {
    int horizon, paths, levels; /* paths: a power of two, at least BLOCK */
    const int64_t *ranks;      /* [horizon, paths]: which of the equally likely errors comes */
    const int64_t *places;     /* [levels], which path in rising order is the quantile */
    const struct exchanges *sort_errors;
};

struct answers {
    double *mean, *quantiles, *totals; /* [n, horizon], [n, horizon, levels] twice */
};

/* Takes the season out of the columns. */
void take_season(const struct columns *, int season, lanes *demand, struct seasons *);

/* Fills in what was known before each period; demand and seasons must be there. */
void look_back(struct past *);

struct model fit_theta(const struct past *);

/* Demand over forecast of each period, both with season; and where the model stands at the end. */
void follow_theta(const struct past *, const struct model *, lanes *ratios, struct present *);

/* [paths] equally likely ratios of demand over forecast, rising, their mean 1; the latest count more. */
void tabulate_ratios(const struct past *, const lanes *ratios, const struct task *, lanes *scratch, lanes *table);

/* Mean, quantiles and quantiles of running totals; scratch is [3 * paths]. */
void simulate_theta(const struct past *, const struct model *, const struct present *, const lanes *table,
                    const struct task *, lanes *scratch, const int64_t *products, int count, struct answers *);

#endif
