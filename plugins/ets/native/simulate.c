/* From the end of the histories into their possible futures.
 *
 * Where several forms are taken together, each future is their weighted mean under the same draws. */

#include "simulate.h"

#include "bitonic.h"

#include <stdlib.h>

#define BEYOND 10.0            /* times the largest demand that is known */

/* What a form's futures have come to. */
struct futures {
    lanes *level, *slope, *season; /* [paths], [paths], [season, paths] */
};

INLINE singles beside(lanes one, lanes other) {
    singles both;
    for (int lane = 0; lane < LANES; lane++) both[lane] = (float)one[lane], both[LANES + lane] = (float)other[lane];
    return both;
}

static void set_out(const struct member *from, int length, int paths, struct futures *to) {
    for (int path = 0; path < paths; path++) {
        to->level[path] = from->at.level;
        to->slope[path] = from->at.slope;
        for (int slot = 0; slot < length; slot++) to->season[slot * paths + path] = from->at.season[slot];
    }
}

/* Adds one period of one form to all futures. */
INLINE void move_on(const int kind, const struct member *with, const struct futures *now, int slot,
                    const int64_t *ranks, int paths, lanes *demand) {
    const struct state at = with->at;
    lanes *const season = now->season + slot * paths;
    for (int path = 0; path < paths; path++) {
        const struct moment next = expect(kind, &at, now->level[path], now->slope[path], season[path]);
        const lanes error = with->table[ranks[path]];
        move(kind, &at, &next, error, &now->level[path], &now->slope[path], &season[path]);
        demand[path] += with->weight * (next.forecast + error * next.unit);
    }
}

CLONES static void advance(const struct member *with, const struct futures *now, int slot, const int64_t *ranks,
                           int paths, lanes *demand) {
    switch (with->kind) {
    case LEVEL_AND_TREND: move_on(LEVEL_AND_TREND, with, now, slot, ranks, paths, demand); break;
    case WITH_SEASON: move_on(WITH_SEASON, with, now, slot, ranks, paths, demand); break;
    case WITH_RELATIVE_ERRORS: move_on(WITH_RELATIVE_ERRORS, with, now, slot, ranks, paths, demand); break;
    default: move_on(WITH_MULTIPLIED_SEASON, with, now, slot, ranks, paths, demand);
    }
}

/* The future in which no error is made: the mean, which chance would only blur. */
CLONES static void expect_most(struct member *with, int slot, lanes *mean) {
    struct state *const at = &with->at;
    const struct moment next = expect(WITH_MULTIPLIED_SEASON, at, at->level, at->slope, at->season[slot]);
    move(WITH_MULTIPLIED_SEASON, at, &next, all(0), &at->level, &at->slope, &at->season[slot]);
    *mean += with->weight * next.forecast;
}

/* What no future sells in one period: factors of factors grow beyond all that a shop has seen. */
static lanes ceiling(const struct columns *past) {
    lanes largest = all(0);
    for (int time = 0; time < past->periods; time++) largest = larger(largest, past->demand[time]);
    return BEYOND * largest;
}

/* Demand is never negative: clipped first, then summed. Both go side by side into the sorting. */
CLONES static void sum_up(lanes *demand, lanes *total, const lanes *highest, int paths, singles *sorted) {
    for (int path = 0; path < paths; path++) {
        const lanes sold = larger(smaller(demand[path], *highest), all(0));
        total[path] += sold;
        sorted[path] = beside(sold, total[path]);
        demand[path] = all(0);
    }
}

static void hand_out(const singles *sorted, lanes mean, const struct draws *draws, int step, const int64_t *products,
                     int count, struct answers *to) {
    for (int lane = 0; lane < count; lane++) {
        const int64_t place = products[lane] * draws->horizon + step;
        to->mean[place] = mean[lane];
        for (int level = 0; level < draws->levels; level++) {
            to->quantiles[place * draws->levels + level] = sorted[draws->places[level]][lane];
            to->totals[place * draws->levels + level] = sorted[draws->places[level]][LANES + lane];
        }
    }
}

/* How many forms the products of a group have at most, and the length of their season, 1 where none has one. */
static int members_of(const struct fitted *fitted, const int64_t *products, int count, int *season) {
    int most = 1, seasonal = 0;
    for (int lane = 0; lane < count; lane++)
        for (int which = 0; which < fitted->members; which++) {
            const int64_t place = products[lane] * fitted->members + which;
            if (fitted->weight[place] == 0) continue;
            if (which + 1 > most) most = which + 1;
            seasonal |= fitted->form[place] % 3 != NO_SEASON;
        }
    if (!seasonal) *season = 1;
    return most;
}

int simulate_group(const struct histories *from, const int64_t *products, int count, const struct fitted *fitted,
                   const struct draws *draws, const struct exchanges *plans, struct answers *to) {
    int season = from->season;
    const int paths = draws->paths, members = members_of(fitted, products, count, &season);
    const size_t each = (size_t)paths * (3 + (size_t)season);
    struct columns past;
    if (lay_out(from, products, count, &past)) return -1;
    lanes *block;
    const size_t rows = (size_t)past.periods + LONGEST_MEMORY + (size_t)members * each + 3 * (size_t)paths;
    if (posix_memalign((void **)&block, sizeof(lanes), rows * sizeof(lanes))) {
        put_away(&past);
        return -1;
    }
    const lanes highest = ceiling(&past);
    struct member member[MOST_MEMBERS];
    struct futures futures[MOST_MEMBERS];
    lanes *const demand = block, *const total = demand + paths, *const scratch = total + 2 * paths + members * each;
    singles *const sorted = (singles *)(void *)(total + paths);
    for (int which = 0; which < members; which++) {
        lanes *const own = total + 2 * paths + which * each;
        member[which].table = own;
        futures[which] = (struct futures){own + paths, own + 2 * paths, own + 3 * paths};
        remember(&past, fitted, which, products, count, season, draws, plans, scratch, &member[which]);
        set_out(&member[which], season, paths, &futures[which]);
    }
    for (int path = 0; path < paths; path++) demand[path] = total[path] = all(0);
    for (int step = 0; step < draws->horizon; step++) {
        const int64_t *const ranks = draws->ranks + (int64_t)step * paths;
        lanes mean = all(0);
        for (int which = 0; which < members; which++) {
            advance(&member[which], &futures[which], step % season, ranks, paths, demand);
            expect_most(&member[which], step % season, &mean);
        }
        sum_up(demand, total, &highest, paths, sorted);
        sort_rows(sorted, paths);
        hand_out(sorted, larger(smaller(mean, highest), all(0)), draws, step, products, count, to);
    }
    free(block);
    put_away(&past);
    return 0;
}
