/* The search for the parameters of one form, for eight products at once. */

#ifndef INVENTORYAI_ETS_SEARCH_H
#define INVENTORYAI_ETS_SEARCH_H

#include "model.h"

/* The numbers of every form in one order; those that a form lacks are left alone. */
enum { ALPHA, BETA, GAMMA, PHI, LEVEL, SLOPE, SEASON };

struct form {
    int id, error, trend, season, length;
    struct places at;
    int kinds[SMOOTHING];      /* which smoothing parameter is kept at each place */
};

struct form form_with(int id, int season_length);

/* What is left of the normal equations when the initial states always follow the smoothing parameters. */
struct reduced {
    lanes curvature[SMOOTHING][SMOOTHING], slope[SMOOTHING];
    lanes saved;               /* what the best states would take off the sum of squares */
    lanes factor[MOST][MOST];  /* of the states' own equations: a unit triangle, and what scales it */
    lanes across[SMOOTHING][MOST], own[MOST];
};

struct workspace {
    struct group group;
    struct scratch scratch;
    struct evaluation now, next;
    struct reduced reduced;
    lanes found[FORMS][MOST];  /* in the order of all forms */
    lanes leader;              /* AICc of the best form so far; endless where nothing is to be given up */
};

/* What AICc adds to n times the cost: Hurvich & Tsai (1989), with the variance counted as a parameter. */
INLINE lanes penalty(int count, lanes known) {
    const double k = count + 1;
    return 2 * k + 2 * k * (k + 1) / larger(known - k - 1, all(1e-3));
}

/* Keeps the better of two starting points, lane by lane; where errors are linear, with the best initial states. */
void consider(const struct form *, struct workspace *, const lanes *numbers, lanes *best, lanes *cost);

/* From the best starting point to where no step is better; what that is like is left in `now`. */
void descend(const struct form *, struct workspace *, int steps, lanes *best);

void unpack(const struct form *, const lanes *x, lanes *numbers);

#endif
