/* A group of eight products at a time: what each of them may sell in a period. */

#include "tables.h"

#include <stdlib.h>
#include <string.h>

enum { DEMAND, CHANCE, SIZE, PARTS };

/* What was found of a group: its demand, whether it sells, and how much beyond one unit. */
struct found {
    marks moving;
    struct seasons seasons[PARTS];
    struct filtered filtered[PARTS];
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
static void hurdle(const struct found *found, int phase, int lane, int whole, int first, float *values) {
    const double chance = at_most_one(mean_of(found, CHANCE, phase, lane));
    quantiles_of(mean_of(found, SIZE, phase, lane), found->filtered[SIZE].ratio[lane], chance, whole, first, values);
    for (int entry = 0; entry < turns(first); entry++)
        values[entry] = (first + LAWS * entry + 0.5) / PATHS > 1 - chance ? values[entry] + 1 : 0;
}

/* What a past period at each point of the season counts for one at `phase`. */
static void compare(const struct plan *plan, const struct seasons *seasons, int phase, int lane, double *likeness) {
    const double here = seasons->factors[phase][lane] > TINY ? seasons->factors[phase][lane] : TINY;
    for (int point = 0; point < plan->season; point++) {
        const double there = seasons->factors[point][lane] > TINY ? seasons->factors[point][lane] : TINY;
        const double near = there < here ? there / here : here / there;
        likeness[point] = point == phase ? 1 : plan->off_season * near * near;
    }
}

/* Both rise, and so does what comes of them. */
static void merge(const float *one, int ones, const float *other, int others, float *to) {
    int left = 0, right = 0;
    while (left < ones && right < others) {
        const float a = one[left], b = other[right];
        const int first = a <= b;
        *to++ = first ? a : b;
        left += first, right += !first;
    }
    memcpy(to, one + left, (size_t)(ones - left) * sizeof *to);
    memcpy(to + (ones - left), other + right, (size_t)(others - right) * sizeof *to);
}

static void tabulate(const struct plan *plan, const struct found *found, const struct past *past, int phase, int lane,
                     int whole, float *table) {
    float law[LAWS][PATHS / LAWS + 1], two[PATHS];
    double likeness[MOST_POINTS];
    const double ratio = found->filtered[DEMAND].ratio[lane];
    if (found->moving[lane]) compare(plan, &found->seasons[DEMAND], phase, lane, likeness);
    quantiles_of(mean_of(found, DEMAND, phase, lane), ratio, 1, whole, 0, law[0]);
    hurdle(found, phase, lane, whole, 1, law[1]);
    draw_past(past, found->moving[lane] ? likeness : 0, 2, law[2]);
    merge(law[0], turns(0), law[1], turns(1), two);
    merge(two, turns(0) + turns(1), law[2], turns(2), table);
}

static void answer(const struct plan *plan, const struct group *group, const struct found *found, int lane, int whole,
                   struct past *past, double *spare, float *values) {
    gather_past(plan, group, lane, past, spare);
    for (int phase = 0; phase < plan->phases; phase++) {
        float *const table = values + phase * PATHS;
        if (phase == 0 || found->moving[lane]) tabulate(plan, found, past, phase, lane, whole, table);
        else memcpy(table, values, PATHS * sizeof *table);
    }
}

static void work_through(const struct plan *plan, const struct window *window, struct group *group, struct past *past,
                         double *spare, struct tables *to) {
    struct found found;
    for (int64_t first = 0; first < window->products; first += LANES) {
        take_group(window, first, plan->periods, group);
        look_at(plan, group, &found);
        for (int lane = 0; lane < LANES && first + lane < window->products; lane++) {
            const int64_t product = first + lane;
            to->dependence[product] = found.filtered[DEMAND].dependence[lane];
            answer(plan, group, &found, lane, window->whole[product], past, spare,
                   to->values + product * plan->phases * PATHS);
        }
    }
}

int make_tables(const struct plan *plan, const struct window *window, struct tables *to) {
    const size_t periods = (size_t)plan->periods, blocks = (size_t)plan->blocks + 1;
    const size_t rows = 4 * periods + blocks * (7 + 2 * (size_t)plan->levels);
    lanes *block;
    if (posix_memalign((void **)&block, sizeof(lanes), (rows + 2 * periods) * sizeof(lanes))) return -1;
    struct group group = {block, block + periods, block + 2 * periods, block + 3 * periods, block + 4 * periods};
    double *const spare = (double *)(block + rows);
    struct past past = {0, spare + 6 * periods, spare + 7 * periods, (int *)(void *)(spare + 8 * periods)};
    work_through(plan, window, &group, &past, spare, to);
    free(block);
    return 0;
}
