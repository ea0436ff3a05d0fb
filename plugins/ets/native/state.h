/* A fitted form at work, one text for all forms: what a form lacks is 0 where it is added, 1 where it multiplies. */

#ifndef INVENTORYAI_ETS_STATE_H
#define INVENTORYAI_ETS_STATE_H

#include "model.h"

struct state {
    lanes alpha, beta, gamma, phi;
    lanes multiplied, relative; /* whether the season multiplies, and whether errors do: 1 or 0 */
    lanes level, slope, season[LONGEST_SEASON];
};

/* How much of the text a group needs; each of these has all that those before it have. */
enum kind { LEVEL_AND_TREND, WITH_SEASON, WITH_RELATIVE_ERRORS, WITH_MULTIPLIED_SEASON, KINDS };

/* What is expected of one period, and what an error of 1 means: in demand, to the level, to the season. */
struct moment {
    lanes up, slow, forecast;
    lanes unit, level_unit, season_unit;
};

#define LEAST 1e-8             /* what has to be positive stays above it; demand is scaled to a mean of 1 */

/* A season multiplies only where errors are relative: the others are unstable and never fitted. */
INLINE struct moment expect(const int kind, const struct state *at, lanes level, lanes slope, lanes season) {
    struct moment now;
    now.slow = at->phi * slope;
    now.up = level + now.slow;
    now.forecast = kind == LEVEL_AND_TREND ? now.up : now.up + season;
    now.unit = now.level_unit = now.season_unit = all(1);
    if (kind < WITH_RELATIVE_ERRORS) return now;
    if (kind == WITH_MULTIPLIED_SEASON) {
        const lanes up = larger(now.up, all(LEAST)), factor = larger(season, all(LEAST));
        now.up = pick(at->multiplied > 0, up, now.up);
        now.forecast = pick(at->multiplied > 0, up * factor, now.forecast);
        now.season_unit = factor;
    }
    now.forecast = pick(at->relative > 0, larger(now.forecast, all(LEAST)), now.forecast);
    now.unit = now.level_unit = pick(at->relative > 0, now.forecast, all(1));
    if (kind == WITH_MULTIPLIED_SEASON) now.level_unit = pick(at->multiplied > 0, now.up, now.unit);
    now.season_unit = kind == WITH_MULTIPLIED_SEASON ? pick(at->multiplied > 0, now.season_unit, now.unit) : now.unit;
    return now;
}

/* The states after an error, in the units of the form. */
INLINE void move(const int kind, const struct state *at, const struct moment *now, lanes error, lanes *level,
                 lanes *slope, lanes *season) {
    const lanes change = error * now->level_unit;
    *level = now->up + at->alpha * change;
    *slope = now->slow + at->beta * change;
    if (kind != LEVEL_AND_TREND) *season += at->gamma * error * now->season_unit;
}

#endif
