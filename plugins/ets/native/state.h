/* A fitted form at work, one text for all forms: what a form lacks is 0 where it is added, 1 where it multiplies. */

#ifndef INVENTORYAI_ETS_STATE_H
#define INVENTORYAI_ETS_STATE_H

#include "model.h"

struct state {
    lanes alpha, beta, gamma, phi;
    lanes multiplied, relative; /* whether the season multiplies, and whether errors do: 1 or 0 */
    lanes level, slope, season[LONGEST_SEASON];
};

/* What is expected of one period. */
struct moment {
    lanes up, slow, forecast, factor;
};

#define LEAST 1e-8             /* what has to be positive stays above it; demand is scaled to a mean of 1 */

INLINE struct moment expect(const int plain, const struct state *at, lanes level, lanes slope, lanes season) {
    struct moment now;
    now.slow = at->phi * slope;
    now.up = level + now.slow;
    if (plain) {
        now.factor = all(1);
        now.forecast = now.up + season;
        return now;
    }
    now.up = pick(at->multiplied > 0, larger(now.up, all(LEAST)), now.up);
    now.factor = pick(at->multiplied > 0, larger(season, all(LEAST)), all(1));
    now.forecast = now.up * now.factor + (1 - at->multiplied) * season;
    now.forecast = pick(at->relative > 0, larger(now.forecast, all(LEAST)), now.forecast);
    return now;
}

/* The states after an error in units of demand. */
INLINE void move(const int plain, const struct state *at, const struct moment *now, lanes error, lanes *level,
                 lanes *slope, lanes *season) {
    const lanes level_error = plain ? error : error / now->factor;
    *level = now->up + at->alpha * level_error;
    *slope = now->slow + at->beta * level_error;
    *season += at->gamma * (plain ? error : error / pick(at->multiplied > 0, now->up, all(1)));
}

#endif
