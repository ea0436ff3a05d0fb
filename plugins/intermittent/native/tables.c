/* A group of eight products at a time: what each of them may sell in a period. */

#include "tables.h"

#include "bitonic.h"

#include <stdlib.h>
#include <string.h>

enum { DEMAND, CHANCE, SIZE, PARTS };

/* What was found of a group: its demand, whether it sells, and how much beyond one unit. */
struct found {
    marks moving;
    struct seasons seasons[PARTS];
    struct filtered filtered[PARTS];
};

/* Tables side by side, to be sorted sixteen at a time; where each goes, and for how many phases. */
struct tray {
    singles *rows;             /* [PATHS] */
    float *to[COLUMNS];
    double *mean[COLUMNS];
    int copies[COLUMNS], count;
};

static void take_group(const struct window *from, int64_t first, int periods, struct group *to) {
    for (int time = 0; time < periods; time++)
        for (int lane = 0; lane < LANES; lane++) {
            const int64_t product = first + lane < from->products ? first + lane : from->products - 1;
            to->counts[time][lane] = from->counts[time * from->products + product];
            to->known[time][lane] = from->known[time * from->products + product];
        }
}

/* The part that is filtered: whether anything sells, or how much beyond one unit when it does. */
CLONES static void take_part(const struct plan *plan, int which, struct group *group) {
    for (int time = 0; time < plan->periods; time++) {
        const lanes sold = group->counts[time], sells = pick(sold > all(0), all(1), all(0));
        group->part[time] = which == CHANCE ? sells : larger(sold - 1, all(0));
        group->part_known[time] = which == CHANCE ? group->known[time] : sells;
    }
}

static void look_at(const struct plan *plan, struct group *group, struct found *to) {
    look_for_season(plan, group->counts, group->known, &to->moving);
    for (int which = 0; which < PARTS; which++) {
        if (which != DEMAND) take_part(plan, which, group);
        const lanes *const counts = which == DEMAND ? group->counts : group->part;
        const lanes *const known = which == DEMAND ? group->known : group->part_known;
        take_season(plan, counts, known, &to->moving, &to->seasons[which]);
        filter(plan, counts, known, &to->seasons[which], group->scratch, &to->filtered[which]);
    }
}

static double mean_of(const struct found *found, int which, int phase, int lane) {
    return found->filtered[which].level[lane] * found->seasons[which].factors[phase][lane];
}

static double at_most_one(double chance) { return chance > 1 ? 1 : chance; }

/* Zero but with some chance, and then one unit more than the law says. */
static void hurdle(const struct found *found, int phase, int lane, int whole, float *column) {
    const double chance = at_most_one(mean_of(found, CHANCE, phase, lane));
    quantiles_of(mean_of(found, SIZE, phase, lane), found->filtered[SIZE].ratio[lane], chance, whole, 1, column,
                 COLUMNS);
    for (int entry = 0; entry < turns(1); entry++) {
        const int sells = (1 + LAWS * entry + 0.5) / PATHS > 1 - chance;
        column[entry * COLUMNS] = sells ? column[entry * COLUMNS] + 1 : 0;
    }
}

/* What a past period at each point of the season counts for one at `phase`. */
static void compare(const struct plan *plan, const struct found *found, int phase, int lane, lanes *likeness) {
    const lanes *const factors = found->seasons[DEMAND].factors;
    const double here = factors[phase][lane] > TINY ? factors[phase][lane] : TINY;
    for (int point = 0; point < plan->season; point++) {
        const double there = factors[point][lane] > TINY ? factors[point][lane] : TINY;
        const double near = there < here ? there / here : here / there;
        const double counts = point == phase || !found->moving[lane] ? 1 : plan->off_season * near * near;
        likeness[point / LANES][point % LANES] = counts;
    }
}

CLONES static void add_up(const singles *rows, double *to) {
    double sum[COLUMNS] = {0};
    for (int row = 0; row < PATHS; row++)
        for (int column = 0; column < COLUMNS; column++) sum[column] += rows[row][column];
    memcpy(to, sum, sizeof sum);
}

/* Puts the tables of the tray in order, and hands them out. */
static void empty(struct tray *tray) {
    double sum[COLUMNS];
    sort_rows(tray->rows, PATHS);
    add_up(tray->rows, sum);
    for (int column = 0; column < tray->count; column++) {
        float *const to = tray->to[column];
        const float *const from = (const float *)tray->rows + column;
        for (int row = 0; row < PATHS; row++) to[row] = from[row * COLUMNS];
        for (int copy = 1; copy < tray->copies[column]; copy++) memcpy(to + copy * PATHS, to, PATHS * sizeof *to);
        for (int copy = 0; copy < tray->copies[column]; copy++) tray->mean[column][copy] = sum[column] / PATHS;
    }
    tray->count = 0;
}

/* One table into the next column of the tray: each law's entries below those of the one before. */
static void tabulate(const struct plan *plan, const struct found *found, const struct past *past, int phase, int lane,
                     int whole, float *column) {
    lanes likeness[HALVES] = {all(0)};
    compare(plan, found, phase, lane, likeness);
    quantiles_of(mean_of(found, DEMAND, phase, lane), found->filtered[DEMAND].ratio[lane], 1, whole, 0, column, COLUMNS);
    hurdle(found, phase, lane, whole, column + turns(0) * COLUMNS);
    draw_past(past, likeness, 2, column + (turns(0) + turns(1)) * COLUMNS, COLUMNS);
}

/* A product without a season has the same table in all phases. */
static void answer(const struct plan *plan, const struct found *found, int lane, int whole, const struct past *past,
                   struct tray *tray, float *values, double *mean) {
    const int moving = found->moving[lane] != 0;
    for (int phase = 0; phase < (moving ? plan->phases : 1); phase++) {
        tabulate(plan, found, past, phase, lane, whole, (float *)tray->rows + tray->count);
        tray->to[tray->count] = values + phase * PATHS, tray->mean[tray->count] = mean + phase;
        tray->copies[tray->count++] = moving ? 1 : plan->phases;
        if (tray->count == COLUMNS) empty(tray);
    }
}

static void work_through(const struct plan *plan, const struct window *window, struct group *group, struct past *past,
                         struct tray *tray, struct tables *to) {
    struct found found;
    for (int64_t first = 0; first < window->products; first += LANES) {
        take_group(window, first, plan->periods, group);
        look_at(plan, group, &found);
        for (int lane = 0; lane < LANES && first + lane < window->products; lane++) {
            const int64_t product = first + lane, phase = product * plan->phases;
            to->dependence[product] = found.filtered[DEMAND].dependence[lane];
            gather_past(plan, group, lane, past);
            answer(plan, &found, lane, window->whole[product], past, tray, to->values + phase * PATHS, to->mean + phase);
        }
    }
    if (tray->count) empty(tray);
}

int make_tables(const struct plan *plan, const struct window *window, struct tables *to) {
    const size_t periods = (size_t)plan->periods, scratch = ((size_t)plan->blocks + 1) * (7 + 2 * (size_t)plan->levels);
    const size_t rows = PATHS + 4 * periods + scratch;
    lanes *block;
    if (posix_memalign((void **)&block, sizeof(singles), rows * sizeof(lanes) + past_size(plan->periods))) return -1;
    memset(block, 0, PATHS * sizeof(singles));
    lanes *const own = block + PATHS * sizeof(singles) / sizeof(lanes);
    struct tray tray = {.rows = (singles *)(void *)block};
    struct group group = {own, own + periods, own + 2 * periods, own + 3 * periods, own + 4 * periods};
    struct past past;
    set_up_past(&past, plan->periods, own + 4 * periods + scratch);
    work_through(plan, window, &group, &past, &tray, to);
    free(block);
    return 0;
}
