/* Which searches are made for eight products, and where they start. */

#include "fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"

#define ENDLESS 1e30
#define CYCLES 8               /* the first of them say what the season may be like */
#define LEAST_RATIO 0.05

/* Where the search begins: the level of the first periods, and what each place of the season differs by. */
static void guess(struct group *group, const double *history, int length, int lane) {
    const int season = group->season, first = 2 * season > 10 ? 2 * season : 10;
    double sum = 0, known = 0, total = 0;
    for (int time = 0; time < length; time++) {
        if (isnan(history[time])) continue;
        if (known < first) sum += history[time], known++;
        total++;
    }
    group->level[lane] = known ? sum / known : 1;
    group->count[lane] = total > 1 ? total : 1;
    if (season < 2 || season > LONGEST_SEASON) return;
    double added[LONGEST_SEASON] = {0}, ratio[LONGEST_SEASON] = {0}, seen[LONGEST_SEASON] = {0};
    const int cycles = length / season < CYCLES ? length / season : CYCLES;
    for (int cycle = 0; cycle < cycles; cycle++) {
        const double *part = history + cycle * season;
        double mean = 0, count = 0;
        for (int slot = 0; slot < season; slot++)
            if (!isnan(part[slot])) mean += part[slot], count++;
        if (count == 0) continue;
        mean /= count;
        for (int slot = 0; slot < season; slot++)
            if (!isnan(part[slot])) {
                added[slot] += part[slot] - mean;
                ratio[slot] += mean > 0 ? part[slot] / mean : 1;
                seen[slot]++;
            }
    }
    for (int slot = 0; slot < season; slot++) {
        group->seasonal[ADDITIVE_SEASON][slot][lane] = seen[slot] ? added[slot] / seen[slot] : 0;
        const double middle = seen[slot] ? ratio[slot] / seen[slot] : 1;
        group->seasonal[MULTIPLICATIVE_SEASON][slot][lane] = fmax(middle, LEAST_RATIO);
    }
}

/* Guesses: little and much smoothing, and trends that live shortly or long. */
static void consider_guesses(const struct form *form, struct workspace *work, lanes *best, lanes *cost) {
    static const double GUESSES[][SMOOTHING] = {
        {0.01, 0.05, 0.01, 0.98}, {0.1, 0.05, 0.05, 0.95}, {0.3, 0.02, 0.05, 0.9}, {0.7, 0.02, 0.2, 0.95},
        {0.01, 0.05, 0.05, 0.8},  {0.02, 0.9, 0.05, 0.9},  {0.3, 0.3, 0.1, 0.8},
    };
    const int for_trend[] = {4, 6, 7}, for_additive_season[] = {1, 0, 0};
    int tried = form->season == NO_SEASON ? for_trend[form->trend] : for_additive_season[form->trend];
    if (form->error == MULTIPLICATIVE_ERROR) tried = 4;
    const lanes *const season = work->group.seasonal[form->season];
    const double middle = form->season == MULTIPLICATIVE_SEASON;
    lanes numbers[MOST];
    numbers[LEVEL] = work->group.level;
    numbers[SLOPE] = all(0);
    for (int one = 0; one < tried; one++) {
        for (int p = 0; p < SMOOTHING; p++) numbers[p] = all(GUESSES[one][p]);
        /* The later ones believe half of the season: less of it goes below 0. */
        for (int slot = 0; slot < form->length; slot++)
            numbers[SEASON + slot] = middle + (one < 2 ? 1 : 0.5) * (season[slot] - middle);
        consider(form, work, numbers, best, cost);
    }
}

/* The forms that are simpler by one step and fitted already. */
static void consider_fitted(const struct form *form, struct workspace *work, int64_t fitted, lanes *best,
                            lanes *cost) {
    lanes numbers[MOST];
    for (int id = 0; id < form->id; id++) {
        const int error = id / 9, trend = id / 3 % 3, season = id % 3;
        const int simpler = (error < form->error) + (trend < form->trend) + (season < form->season);
        if (!(fitted >> id & 1) || !cost_of[id] || simpler != 1) continue;
        if (error > form->error || trend > form->trend || season > form->season) continue;
        memcpy(numbers, work->found[id], sizeof numbers);
        if (trend == NO_TREND && form->trend != NO_TREND) numbers[BETA] = all(0.03), numbers[SLOPE] = all(0);
        if (trend != DAMPED_TREND) numbers[PHI] = all(0.98);
        if (season != form->season) {
            numbers[GAMMA] = all(0.01);
            memcpy(numbers + SEASON, work->group.seasonal[form->season], (size_t)form->length * sizeof(lanes));
        }
        consider(form, work, numbers, best, cost);
    }
}

static void follow_leader(const struct form *form, struct workspace *work, const struct task *task, lanes cost) {
    if (!task->prune) return;
    const lanes criterion = work->group.count * cost + penalty(form->at.count, work->group.count);
    work->leader = smaller(work->leader, criterion);
}

static void fit_form(const struct form *form, struct workspace *work, const struct task *task) {
    const int last = form->length - 1;
    lanes best[MOST], cost = all(2 * ENDLESS), *const found = work->found[form->id];
    consider_guesses(form, work, best, &cost);
    consider_fitted(form, work, task->forms | task->known, best, &cost);
    descend(form, work, task->steps, best);
    unpack(form, best, found);
    /* The last place of the season is no parameter: what it would say, the level says already. */
    if (form->season != NO_SEASON) found[SEASON + last] = work->group.seasonal[form->season][last];
    follow_leader(form, work, task, work->now.cost);
}

static void read_found(const struct form *form, const struct findings *from, const int64_t *products, int count,
                       struct workspace *work, lanes *cost) {
    for (int lane = 0; lane < LANES; lane++) {
        const int64_t place = products[lane < count ? lane : count - 1] * FORMS + form->id;
        (*cost)[lane] = from->cost[place];
        for (int p = 0; p < SEASON + form->length; p++)
            work->found[form->id][p][lane] = from->parameters[place * MOST + p];
    }
}

static void write_found(const struct form *form, const struct workspace *work, const int64_t *products, int count,
                        struct findings *to) {
    for (int lane = 0; lane < count; lane++) {
        const int64_t place = products[lane] * FORMS + form->id;
        to->cost[place] = work->now.cost[lane];
        to->raw[place] = work->now.raw[lane];
        for (int p = 0; p < SEASON + form->length; p++)
            to->parameters[place * MOST + p] = work->found[form->id][p][lane];
    }
}

static int fit_group(const struct histories *from, const int64_t *products, int count, const struct task *task,
                     struct workspace *work, struct findings *to) {
    struct columns past;
    if (lay_out(from, products, count, &past)) return -1;
    work->group.periods = past.periods;
    work->group.season = from->season;
    work->group.demand = past.demand;
    work->group.known = past.known;
    work->leader = all(ENDLESS);
    for (int lane = 0; lane < LANES; lane++) {
        int length;
        const double *history = history_of(from, products[lane < count ? lane : count - 1], &length);
        guess(&work->group, history, length, lane);
    }
    for (int id = 0; id < FORMS; id++) {
        const struct form form = form_with(id, from->season);
        lanes cost;
        if (!(task->known >> id & 1) || !cost_of[id]) continue;
        read_found(&form, to, products, count, work, &cost);
        follow_leader(&form, work, task, cost);
    }
    for (int id = 0; id < FORMS; id++) {
        const struct form form = form_with(id, from->season);
        if (!(task->forms >> id & 1) || !cost_of[id]) continue;
        fit_form(&form, work, task);
        write_found(&form, work, products, count, to);
    }
    put_away(&past);
    return 0;
}

int fit(const struct histories *from, const int64_t *products, int64_t count, const struct task *task,
        struct findings *to) {
    void *work;
    int failed = 0;
    if (posix_memalign(&work, sizeof(lanes), sizeof(struct workspace))) return -1;
    memset(work, 0, sizeof(struct workspace));
    for (int64_t first = 0; first < count && !failed; first += LANES) {
        const int some = count - first < LANES ? (int)(count - first) : LANES;
        failed = fit_group(from, products + first, some, task, work, to);
    }
    free(work);
    return failed;
}
