/* The history once more with the form that was chosen: where it ends, and which errors it made on the way. */

#include "simulate.h"

#include <math.h>

#define NEVER 1e300
#define BELIEF 10.0            /* so many errors of its own make a product's count as much as the normal ones */

static void load(const struct fitted *fitted, int which, const int64_t *products, int count, int length,
                 struct member *to) {
    struct state *const at = &to->at;
    to->kind = LEVEL_AND_TREND;
    for (int lane = 0; lane < LANES; lane++) {
        int64_t place = products[lane < count ? lane : count - 1] * fitted->members + which;
        to->weight[lane] = fitted->weight[place];
        /* A product with fewer forms than its neighbours goes with its first once more, which counts for nothing. */
        if (fitted->weight[place] == 0) place -= which;
        const int64_t form = fitted->form[place];
        const int trend = (int)(form / 3 % 3), season = (int)(form % 3);
        const double *const numbers = fitted->parameters + place * MOST;
        at->alpha[lane] = numbers[0];
        at->beta[lane] = trend ? numbers[0] * numbers[1] : 0;
        at->gamma[lane] = season ? (1 - numbers[0]) * numbers[2] : 0;
        at->phi[lane] = trend == DAMPED_TREND ? numbers[3] : 1;
        at->multiplied[lane] = season == MULTIPLICATIVE_SEASON;
        at->relative[lane] = form >= FORMS / 2;
        at->level[lane] = numbers[4];
        at->slope[lane] = trend ? numbers[5] : 0;
        for (int slot = 0; slot < length; slot++) at->season[slot][lane] = season ? numbers[6 + slot] : 0;
        const enum kind kind = season == MULTIPLICATIVE_SEASON ? WITH_MULTIPLIED_SEASON
                               : form >= FORMS / 2             ? WITH_RELATIVE_ERRORS
                               : season == ADDITIVE_SEASON     ? WITH_SEASON
                                                               : LEVEL_AND_TREND;
        if (kind > to->kind) to->kind = kind;
    }
}

/* Leaves the last states of each history, the next place of the season first. */
INLINE void run(const int kind, const struct columns *past, int length, struct state *at, lanes *errors) {
    struct state last = *at;
    lanes level = at->level, slope = at->slope;
    for (int time = 0, slot = 0; time < past->periods; time++) {
        const struct moment now = expect(kind, at, level, slope, at->season[slot]);
        lanes error = past->known[time] * (past->demand[time] - now.forecast);
        if (kind >= WITH_RELATIVE_ERRORS) error /= now.unit;
        errors[time] = error;
        move(kind, at, &now, error, &level, &slope, &at->season[slot]);
        if (++slot == length) slot = 0;
        for (int lane = 0; lane < LANES; lane++) {
            if (past->lengths[lane] != time + 1) continue;
            last.level[lane] = level[lane];
            last.slope[lane] = slope[lane];
            for (int ahead = 0; ahead < length; ahead++)
                last.season[ahead][lane] = at->season[(slot + ahead) % length][lane];
        }
    }
    *at = last;
}

CLONES static void run_through(enum kind kind, const struct columns *past, int length, struct state *at,
                               lanes *errors) {
    switch (kind) {
    case LEVEL_AND_TREND: run(LEVEL_AND_TREND, past, length, at, errors); break;
    case WITH_SEASON: run(WITH_SEASON, past, length, at, errors); break;
    case WITH_RELATIVE_ERRORS: run(WITH_RELATIVE_ERRORS, past, length, at, errors); break;
    default: run(WITH_MULTIPLIED_SEASON, past, length, at, errors);
    }
}

/* The last known errors of each lane, in rising order; how many there are goes to `known`. */
CLONES static void sort_errors(const lanes *errors, const struct columns *past, const struct exchanges *plans,
                               int *known, lanes *sorted) {
    int most = 1;
    for (int lane = 0; lane < LANES; lane++) {
        known[lane] = 0;
        for (int time = past->lengths[lane] - 1; time >= 0 && known[lane] < LONGEST_MEMORY; time--)
            if (past->known[time][lane] > 0) sorted[known[lane]++][lane] = errors[time][lane];
        if (known[lane] > most) most = known[lane];
    }
    while (plans->length < most) plans++;
    for (int lane = 0; lane < LANES; lane++)
        for (int row = known[lane]; row < plans->length; row++) sorted[row][lane] = NEVER;
    sort_columns(sorted, plans);
}

/* Equally likely errors to come: the quantiles of the past ones, and of normal ones the more, the fewer they were.
 *
 * Both are widened by what the parameters took from the errors they were fitted to. */
static void tabulate(const lanes *sorted, int lane, int known, int parameters, const struct draws *draws,
                     lanes *table) {
    const int spare = known > parameters + 1 ? known - parameters : 1;
    const double trust = known / (known + BELIEF), widened = sqrt(known / (double)spare);
    double squares = 0, sum = 0;
    for (int row = 0; row < known; row++) squares += sorted[row][lane] * sorted[row][lane];
    const double spread = sqrt(squares / spare);
    for (int path = 0; path < draws->paths; path++) {
        const double place = fmin(fmax((path + 0.5) / draws->paths * known - 0.5, 0), known - 1);
        const int row = (int)place, next = row + 1 < known ? row + 1 : row;
        const double value = sorted[row][lane] + (place - row) * (sorted[next][lane] - sorted[row][lane]);
        table[path][lane] = trust * widened * value + (1 - trust) * spread * draws->normal[path];
        sum += table[path][lane];
    }
    for (int path = 0; path < draws->paths; path++) table[path][lane] -= sum / draws->paths;
}

void remember(const struct columns *past, const struct fitted *fitted, int which, const int64_t *products, int count,
              int season, const struct draws *draws, const struct exchanges *plans, lanes *scratch, struct member *to) {
    lanes *const errors = scratch, *const sorted = scratch + past->periods;
    int known[LANES];
    load(fitted, which, products, count, season, to);
    run_through(to->kind, past, season, &to->at, errors);
    sort_errors(errors, past, plans, known, sorted);
    for (int lane = 0; lane < LANES; lane++) {
        const int64_t form = fitted->form[products[lane < count ? lane : count - 1] * fitted->members + which];
        tabulate(sorted, lane, known[lane], places_of(form / 3 % 3, form % 3, season).count, draws, to->table);
    }
}
