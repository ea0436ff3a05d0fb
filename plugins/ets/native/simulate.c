/* From the end of the histories into their possible futures.
 *
 * One text for all forms: what a form lacks is 0 where it is added and 1 where it is multiplied. */

#include "layout.h"
#include "sorting.h"
#include "simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REMEMBERED 1024        /* of the past errors, the last ones are drawn from */
#define NEVER 1e300

struct state {
    lanes alpha, beta, gamma, phi, multiplied, relative; /* the last two are 1 or 0 */
    lanes level, slope, season[LONGEST_SEASON];
};

/* One period: the forecast, and the states after an error in units of demand. */
struct moment {
    lanes up, slow, forecast, factor;
};

INLINE struct moment look(const int plain, const struct state *at, lanes level, lanes slope, lanes season) {
    struct moment now;
    now.slow = at->phi * slope;
    now.up = level + now.slow;
    now.factor = plain ? all(1) : 1 + at->multiplied * (season - 1);
    now.forecast = plain ? now.up + season : now.up * now.factor + (1 - at->multiplied) * season;
    return now;
}

INLINE void move(const int plain, const struct state *at, const struct moment *now, lanes error,
                 lanes *level, lanes *slope, lanes *season) {
    const lanes level_error = plain ? error : error / now->factor;
    *level = now->up + at->alpha * level_error;
    *slope = now->slow + at->beta * level_error;
    *season += at->gamma * (plain ? error : error / (1 + at->multiplied * (now->up - 1)));
}

static void load(const struct fitted *fitted, const int64_t *products, int count, int length, struct state *at) {
    for (int lane = 0; lane < LANES; lane++) {
        const int64_t product = products[lane < count ? lane : count - 1], form = fitted->form[product];
        const double *numbers = fitted->parameters + product * MOST;
        const int trend = form / 3 % 3, season = form % 3;
        at->alpha[lane] = numbers[0];
        at->beta[lane] = trend ? numbers[0] * numbers[1] : 0;
        at->gamma[lane] = season ? (1 - numbers[0]) * numbers[2] : 0;
        at->phi[lane] = trend == DAMPED_TREND ? numbers[3] : 1;
        at->multiplied[lane] = season == MULTIPLICATIVE_SEASON;
        at->relative[lane] = form >= FORMS / 2;
        at->level[lane] = numbers[4];
        at->slope[lane] = trend ? numbers[5] : 0;
        for (int slot = 0; slot < length; slot++) at->season[slot][lane] = season ? numbers[6 + slot] : 0;
    }
}

/* Runs to the end of each history and leaves its last states there, the next season first; errors come out. */
INLINE void follow(const int plain, const struct columns *past, int length, struct state *at, lanes *errors) {
    struct state last = *at;
    lanes level = at->level, slope = at->slope;
    for (int time = 0, slot = 0; time < past->periods; time++) {
        const struct moment now = look(plain, at, level, slope, at->season[slot]);
        const lanes error = past->known[time] * (past->demand[time] - now.forecast);
        errors[time] = plain ? error : error / (1 + at->relative * (now.forecast - 1));
        move(plain, at, &now, error, &level, &slope, &at->season[slot]);
        if (++slot == length) slot = 0;
        for (int lane = 0; lane < LANES; lane++) {
            if (past->lengths[lane] != time + 1) continue;
            last.level[lane] = level[lane];
            last.slope[lane] = slope[lane];
            for (int ahead = 0; ahead < length; ahead++) last.season[ahead][lane] = at->season[(slot + ahead) % length][lane];
        }
    }
    *at = last;
}

/* Quantiles of the errors to come: those of the past, and the normal ones' the more, the fewer there were. */
static void tabulate(const lanes *errors, const struct columns *past, const struct exchanges *plans,
                     const struct draws *draws, const struct fitted *fitted, const int64_t *products, int count,
                     int season, lanes *sorted, lanes *table) {
    int known[LANES], most = 1;
    for (int lane = 0; lane < LANES; lane++) {
        known[lane] = 0;
        for (int time = past->lengths[lane] - 1; time >= 0 && known[lane] < REMEMBERED; time--)
            if (past->known[time][lane] > 0) sorted[known[lane]++][lane] = errors[time][lane];
        if (known[lane] > most) most = known[lane];
    }
    while (plans->length < most) plans++;
    for (int lane = 0; lane < LANES; lane++)
        for (int row = known[lane]; row < plans->length; row++) sorted[row][lane] = NEVER;
    sort_columns(sorted, plans);
    for (int lane = 0; lane < LANES; lane++) {
        const int64_t form = fitted->form[products[lane < count ? lane : count - 1]];
        const int free = known[lane] - places_of(form / 3 % 3, form % 3, season).count;
        double squares = 0, sum = 0;
        for (int row = 0; row < known[lane]; row++) squares += sorted[row][lane] * sorted[row][lane];
        const double spread = sqrt(squares / (free > 1 ? free : 1)), trust = known[lane] / (known[lane] + 10.0);
        const double widened = trust * sqrt(known[lane] / (double)(free > 1 ? free : 1));
        for (int path = 0; path < draws->paths; path++) {
            double place = (path + 0.5) / draws->paths * known[lane] - 0.5;
            place = fmin(fmax(place, 0), known[lane] - 1);
            const int row = (int)place, next = row + 1 < known[lane] ? row + 1 : row;
            const double value = sorted[row][lane] + (place - row) * (sorted[next][lane] - sorted[row][lane]);
            table[path][lane] = widened * value + (1 - trust) * spread * draws->normal[path];
            sum += table[path][lane];
        }
        for (int path = 0; path < draws->paths; path++) table[path][lane] -= sum / draws->paths;
    }
}

struct futures {
    lanes *level, *slope, *season, *total, *sample;
};

INLINE void simulate(const int plain, const struct state *at, int length, const struct draws *draws,
                     const struct exchanges *plan, const lanes *table, const struct futures *now,
                     const int64_t *products, int count, struct answers *to) {
    const int paths = draws->paths, wanted = draws->levels;
    for (int path = 0; path < paths; path++) {
        now->level[path] = at->level;
        now->slope[path] = at->slope;
        now->total[path] = all(0);
        for (int slot = 0; slot < length; slot++) now->season[slot * paths + path] = at->season[slot];
    }
    for (int step = 0; step < draws->horizon; step++) {
        lanes *const season = now->season + step % length * paths, sum = all(0);
        const int64_t *const ranks = draws->ranks + (int64_t)step * paths;
        for (int path = 0; path < paths; path++) {
            const struct moment next = look(plain, at, now->level[path], now->slope[path], season[path]);
            lanes error = table[ranks[path]];
            if (!plain) error *= 1 + at->relative * (larger(next.forecast, all(0)) - 1);
            const lanes demand = larger(next.forecast + error, all(0));
            move(plain, at, &next, error, &now->level[path], &now->slope[path], &season[path]);
            now->sample[path] = demand;
            now->total[path] += demand;
            sum += demand;
        }
        for (int which = 0; which < 2; which++) {
            double *const out = which ? to->totals : to->quantiles;
            if (which) memcpy(now->sample, now->total, (size_t)paths * sizeof(lanes));
            sort_columns(now->sample, plan);
            for (int lane = 0; lane < count; lane++)
                for (int level = 0; level < wanted; level++)
                    out[(products[lane] * draws->horizon + step) * wanted + level] = now->sample[draws->places[level]][lane];
        }
        for (int lane = 0; lane < count; lane++) to->mean[products[lane] * draws->horizon + step] = sum[lane] / paths;
    }
}

#define BOTH(NAME, PLAIN)                                                                                              \
    CLONES static void follow_##NAME(const struct columns *past, int length, struct state *at, lanes *errors) {        \
        follow(PLAIN, past, length, at, errors);                                                                       \
    }                                                                                                                  \
    CLONES static void simulate_##NAME(const struct state *at, int length, const struct draws *draws,                  \
                                       const struct exchanges *plan, const lanes *table, const struct futures *now,    \
                                       const int64_t *products, int count, struct answers *to) {                       \
        simulate(PLAIN, at, length, draws, plan, table, now, products, count, to);                                     \
    }
BOTH(plain, 1)
BOTH(any, 0)

CLONES static void tabulate_all(const lanes *errors, const struct columns *past, const struct exchanges *plans,
                                const struct draws *draws, const struct fitted *fitted, const int64_t *products,
                                int count, int season, lanes *sorted, lanes *table) {
    tabulate(errors, past, plans, draws, fitted, products, count, season, sorted, table);
}

int simulate_group(const struct histories *from, const int64_t *products, int count, const struct fitted *fitted,
                   const struct draws *draws, const struct exchanges *plans, struct answers *to) {
    const int length = from->season > 1 && from->season <= LONGEST_SEASON ? from->season : 1, paths = draws->paths;
    struct columns past;
    struct state at;
    lanes *block;
    int plain = 1;
    if (lay_out(from, products, count, &past)) return -1;
    const size_t rows = (size_t)past.periods + REMEMBERED + (size_t)paths * (5 + (size_t)length);
    if (posix_memalign((void **)&block, sizeof(lanes), rows * sizeof(lanes))) {
        put_away(&past);
        return -1;
    }
    lanes *const errors = block, *const sorted = errors + past.periods, *const table = sorted + REMEMBERED;
    lanes *const level = table + paths;
    const struct futures futures = {level, level + paths, level + 4 * paths, level + 2 * paths, level + 3 * paths};
    load(fitted, products, count, length, &at);
    for (int lane = 0; lane < LANES; lane++) plain &= at.multiplied[lane] == 0 && at.relative[lane] == 0;
    (plain ? follow_plain : follow_any)(&past, length, &at, errors);
    tabulate_all(errors, &past, plans + 1, draws, fitted, products, count, from->season, sorted, table);
    (plain ? simulate_plain : simulate_any)(&at, length, draws, plans, table, &futures, products, count, to);
    free(block);
    put_away(&past);
    return 0;
}
