/* The fifteen forms of exponential smoothing that are told apart here, and where their numbers are kept. */

#ifndef INVENTORYAI_ETS_MODEL_H
#define INVENTORYAI_ETS_MODEL_H

#include "lanes.h"

/* A form's number is (error * 3 + trend) * 3 + season; additive errors never go with a season that multiplies. */
enum error { ADDITIVE_ERROR, MULTIPLICATIVE_ERROR };
enum trend { NO_TREND, TREND, DAMPED_TREND };
enum season { NO_SEASON, ADDITIVE_SEASON, MULTIPLICATIVE_SEASON };

#define FORMS 18
#define LONGEST_SEASON 24
#define SMOOTHING 4                               /* alpha, beta / alpha, gamma / (1 - alpha), phi */
#define MOST (SMOOTHING + 2 + LONGEST_SEASON)     /* numbers that describe a fitted form */
#define TILE 4
#define ROWS 16                                   /* periods whose derivatives are summed up at once */
#define NOTHING 1e-24                             /* a sum of squares that is none; demand is scaled to a mean of 1 */

/* Where a form keeps its parameters: smoothing first, then level, trend and all seasonal states but the last. */
struct places {
    int beta, gamma, phi, level, trend, season, count;
};

INLINE struct places places_of(int trend, int season, int length) {
    struct places at;
    at.beta = 1;
    at.gamma = at.beta + (trend != NO_TREND);
    at.phi = at.gamma + (season != NO_SEASON);
    at.level = at.phi + (trend == DAMPED_TREND);
    at.trend = at.level + 1;
    at.season = at.trend + (trend != NO_TREND);
    at.count = at.season + (season != NO_SEASON ? length - 1 : 0);
    return at;
}

/* Eight products; their histories begin in the same row, and the shorter ones are unknown after their end. */
struct group {
    int periods;               /* of the longest */
    int season;
    const lanes *demand;       /* [periods], 0 where unknown */
    const lanes *known;        /* [periods], 1 or 0 */
    lanes count;               /* of known periods */
    lanes level;               /* heuristic states to start from */
    lanes seasonal[3][LONGEST_SEASON];
};

/* What a form with some parameters makes of the histories. */
struct evaluation {
    lanes cost;                /* logarithm of the sum of squares, and for multiplicative errors of the scale */
    lanes squares;             /* sum of squared errors of the likelihood */
    lanes raw;                 /* sum of squared one-step errors in units of demand */
    lanes gram[MOST + TILE][MOST + TILE]; /* lower triangle: normal equations; row `count` holds the gradient */
};

struct scratch {
    lanes level[MOST], trend[MOST], season[LONGEST_SEASON * MOST], scale[MOST];
    lanes rows[ROWS][MOST + TILE];
};

typedef void evaluate(const struct group *, const lanes *parameters, struct evaluation *, struct scratch *);

extern evaluate *const cost_of[FORMS];       /* the cost alone */
extern evaluate *const derivatives_of[FORMS];/* and the normal equations */

#endif
