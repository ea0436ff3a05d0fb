/* The best parameters of each form: Levenberg and Marquardt's steps for eight products at once.
 *
 * Smoothing parameters keep to their box by an active set; initial states are free. For additive forms the
 * errors are linear in the initial states, so that one step finds the best ones for given smoothing. */

#include "fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifndef REJ
#define FAR 25
#define BEHIND 6
#define HOPE 10
#define REJ 6
#define ACC 0.2
#define LAM 1e-3
#define GIVEUP 100
#endif
#ifndef ENOUGH
#define ENOUGH 1e-4
#endif

static const double LOWER[SMOOTHING] = {1e-4, 1e-4, 1e-4, 0.8};
static const double UPPER[SMOOTHING] = {0.9999, 0.9999, 0.9999, 0.98};

enum { ALPHA, BETA, GAMMA, PHI, LEVEL, SLOPE, SEASON }; /* the full layout: every form has every number */

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
    lanes found[FORMS][MOST];  /* full layout */
    lanes leader;              /* AICc of the best form so far */
};

struct form {
    int error, trend, season, length;
    struct places at;
    int kinds[SMOOTHING];      /* which smoothing parameter is kept at each place */
};

static struct form make_form(int error, int trend, int season, int length) {
    struct form form = {error, trend, season, season ? length : 1, places_of(trend, season, length), {0}};
    if (trend != NO_TREND) form.kinds[form.at.beta] = BETA;
    if (season != NO_SEASON) form.kinds[form.at.gamma] = GAMMA;
    if (trend == DAMPED_TREND) form.kinds[form.at.phi] = PHI;
    return form;
}

static void pack(const struct form *form, const lanes *full, lanes *x) {
    for (int p = 0; p < form->at.level; p++) x[p] = full[form->kinds[p]];
    x[form->at.level] = full[LEVEL];
    if (form->trend != NO_TREND) x[form->at.trend] = full[SLOPE];
    for (int slot = 0; slot + 1 < form->length; slot++) x[form->at.season + slot] = full[SEASON + slot];
}

static void unpack(const struct form *form, const lanes *x, lanes *full) {
    for (int p = 0; p < form->at.level; p++) full[form->kinds[p]] = x[p];
    full[LEVEL] = x[form->at.level];
    if (form->trend != NO_TREND) full[SLOPE] = x[form->at.trend];
    for (int slot = 0; slot + 1 < form->length; slot++) full[SEASON + slot] = x[form->at.season + slot];
}

/* Eliminates the states; exact for additive errors, in which they are linear. */
CLONES static void reduce(const struct evaluation *at, int smoothing, int count, const lanes *damping, struct reduced *to) {
    const int states = count - smoothing;
    for (int i = 0; i < states; i++) {
        const lanes *const row = at->gram[smoothing + i];
        to->own[i] = at->gram[count][smoothing + i];
        for (int p = 0; p < smoothing; p++) to->across[p][i] = row[p];
        for (int j = 0; j < i; j++) to->factor[i][j] = row[smoothing + j];
        to->factor[i][i] = row[smoothing + i] * (1 + *damping) + 1e-9;
    }
    to->saved = all(0);
    for (int p = 0; p < smoothing; p++) {
        to->slope[p] = at->gram[count][p];
        for (int q = 0; q <= p; q++) to->curvature[p][q] = at->gram[p][q];
    }
    for (int j = 0; j < states; j++) {
        lanes pivot = to->factor[j][j], scaled[MOST];
        for (int k = 0; k < j; k++) {
            scaled[k] = to->factor[j][k] * to->factor[k][k];
            pivot -= to->factor[j][k] * scaled[k];
        }
        to->factor[j][j] = pivot = larger(pivot, all(1e-10));
        const lanes per_pivot = 1 / pivot;
        for (int i = j + 1; i < states; i++) {
            lanes sum = to->factor[i][j];
            for (int k = 0; k < j; k++) sum -= to->factor[i][k] * scaled[k];
            to->factor[i][j] = sum * per_pivot;
        }
        for (int k = 0; k < j; k++) {
            to->own[j] -= to->factor[j][k] * to->own[k];
            for (int p = 0; p < smoothing; p++) to->across[p][j] -= to->factor[j][k] * to->across[p][k];
        }
        to->saved += to->own[j] * to->own[j] * per_pivot;
        for (int p = 0; p < smoothing; p++) {
            const lanes share = to->across[p][j] * per_pivot;
            to->slope[p] -= share * to->own[j];
            for (int q = 0; q <= p; q++) to->curvature[p][q] -= share * to->across[q][j];
        }
    }
}

/* The step of the states that goes with a step of the smoothing parameters. */
INLINE void settle(const struct reduced *from, int smoothing, int count, const lanes *step, lanes *states) {
    for (int i = count - smoothing - 1; i >= 0; i--) {
        lanes sum = from->own[i];
        for (int p = 0; p < smoothing; p++) sum += from->across[p][i] * step[p];
        states[i] = -sum / from->factor[i][i];
        for (int k = i + 1; k < count - smoothing; k++) states[i] -= from->factor[k][i] * states[k];
    }
}

/* Newton's step for up to four parameters, some of which are held where they are put. */
INLINE void solve(const struct reduced *from, int size, lanes damping, const lanes *free, const lanes *held, lanes *step) {
    lanes system[SMOOTHING][SMOOTHING];
    for (int i = 0; i < size; i++) {
        step[i] = -from->slope[i];
        for (int j = 0; j < size; j++) step[i] -= (i > j ? from->curvature[i][j] : from->curvature[j][i]) * held[j];
        step[i] *= free[i];
        for (int j = 0; j < i; j++) system[i][j] = from->curvature[i][j] * free[i] * free[j];
        system[i][i] = free[i] * (larger(from->curvature[i][i], all(0)) * (1 + damping) + 1e-9) + (1 - free[i]);
    }
    for (int j = 0; j < size; j++) {
        for (int k = 0; k < j; k++) system[j][j] -= system[j][k] * system[j][k] * system[k][k];
        system[j][j] = larger(system[j][j], all(1e-10));
        for (int i = j + 1; i < size; i++) {
            for (int k = 0; k < j; k++) system[i][j] -= system[i][k] * system[j][k] * system[k][k];
            system[i][j] /= system[j][j];
        }
        for (int k = 0; k < j; k++) step[j] -= system[j][k] * step[k];
    }
    for (int i = size - 1; i >= 0; i--) {
        step[i] /= system[i][i];
        for (int k = i + 1; k < size; k++) step[i] -= system[k][i] * step[k];
    }
}

/* The step that stays in the box: what would leave it is put on the wall, and the rest is solved for again. */
CLONES static void propose(const struct form *form, struct workspace *work, const lanes *x, const lanes *damping,
                           lanes *trial) {
    const int count = form->at.count, smoothing = form->at.level;
    lanes free[SMOOTHING], held[SMOOTHING], step[SMOOTHING], states[MOST];
    const struct reduced *const from = &work->reduced;
    for (int p = 0; p < smoothing; p++) {
        const lanes low = x[p] - LOWER[form->kinds[p]], high = UPPER[form->kinds[p]] - x[p];
        const lanes inward = pick(low <= 0, from->slope[p], pick(high <= 0, -from->slope[p], all(-1)));
        free[p] = pick(inward > 0, all(0), all(1));
        held[p] = all(0);
    }
    for (int round = 0; round <= smoothing; round++) {
        lanes leaving = all(0);
        solve(from, smoothing, *damping, free, held, step);
        for (int p = 0; p < smoothing; p++) {
            const lanes low = LOWER[form->kinds[p]] - x[p], high = UPPER[form->kinds[p]] - x[p];
            const lanes kept = smaller(larger(step[p], low), high);
            const lanes out = pick(kept != step[p], free[p], all(0));
            held[p] += out * kept;
            free[p] -= out;
            leaving += out;
        }
        if (!any(leaving > 0)) break;
    }
    for (int p = 0; p < smoothing; p++) step[p] = step[p] * free[p] + held[p];
    settle(from, smoothing, count, step, states);
    for (int p = 0; p < count; p++) trial[p] = x[p] + (p < smoothing ? step[p] : states[p - smoothing]);
}

/* Takes the lanes of `next` that are better. */
CLONES static void adopt(const marks *which, int count, lanes *x, const lanes *trial, struct evaluation *now,
                         const struct evaluation *next) {
    const marks better = *which;
    for (int p = 0; p < count; p++) x[p] = pick(better, trial[p], x[p]);
    for (int i = 0; i <= count; i++)
        for (int j = 0; j <= i; j++) now->gram[i][j] = pick(better, next->gram[i][j], now->gram[i][j]);
    now->cost = pick(better, next->cost, now->cost);
    now->squares = pick(better, next->squares, now->squares);
}

/* The cost with the best states; for multiplicative errors, which are not linear in them, with those there are. */
static void judge(const struct form *form, struct workspace *work, struct evaluation *at) {
    const lanes little = all(1e-8);
    if (form->error == MULTIPLICATIVE_ERROR || form->season == MULTIPLICATIVE_SEASON) return;
    reduce(at, form->at.level, form->at.count, &little, &work->reduced);
    const lanes squares = larger(at->squares - work->reduced.saved, all(0));
    at->cost = pick(at->cost < 1e29, logarithm(squares + 1e-24), at->cost);
}

/* What AICc adds to n times the cost: Burnham & Anderson (2002), the variance counted as a parameter. */
INLINE lanes penalty(int count, lanes known) {
    const double k = count + 1;
    const lanes spare = larger(known - k - 1, all(1e-3));
    return 2 * k + 2 * k * (k + 1) / spare;
}

/* The cost at which a form would be as good as the best so far. */
static lanes limit_of(const struct form *form, const struct workspace *work) {
    return (work->leader - penalty(form->at.count, work->group.count)) / work->group.count;
}

static void descend(const struct form *form, struct workspace *work, int steps, lanes *x) {
    const int id = form_of(form->error, form->trend, form->season);
    const int linear = form->error == ADDITIVE_ERROR;
    const lanes little = all(1e-8);
    lanes damping = all(LAM), trial[MOST];
    marks done = damping != damping;
    /* A form that is far behind another at the start does not catch up; nor one that is behind and slow. */
    const lanes limit = limit_of(form, work);
    derivatives_of[id](&work->group, x, &work->now, &work->scratch);
    judge(form, work, &work->now);
    done |= work->now.cost > limit + FAR / work->group.count;
    if (!any(~done)) steps = 0;
    for (int step = 0; step < steps; step++) {
        reduce(&work->now, form->at.level, form->at.count, linear ? &little : &damping, &work->reduced);
        propose(form, work, x, &damping, trial);
        derivatives_of[id](&work->group, trial, &work->next, &work->scratch);
        judge(form, work, &work->next);
        const lanes gain = work->now.cost - work->next.cost;
        const marks better = ~done & (gain > 0);
        adopt(&better, form->at.count, x, trial, &work->now, &work->next);
        damping = pick(better, damping * ACC, damping * REJ);
        done |= (gain < ENOUGH) & (gain > -ENOUGH);
        done |= damping > GIVEUP;
        done |= work->now.cost > limit + BEHIND / work->group.count + HOPE * larger(gain, all(0));
        if (!any(~done)) break;
    }
    if (linear) {
        lanes still[SMOOTHING] = {all(0), all(0), all(0), all(0)}, states[MOST];
        reduce(&work->now, form->at.level, form->at.count, &little, &work->reduced);
        settle(&work->reduced, form->at.level, form->at.count, still, states);
        for (int p = form->at.level; p < form->at.count; p++) x[p] += states[p - form->at.level];
    }
    cost_of[id](&work->group, x, &work->now, &work->scratch);
}

/* Keeps the better of two starting points, lane by lane; where errors are linear, with the best initial states. */
static void consider(const struct form *form, struct workspace *work, const lanes *full, lanes *best, lanes *cost) {
    const int id = form_of(form->error, form->trend, form->season), smoothing = form->at.level;
    lanes x[MOST];
    pack(form, full, x);
    if (form->error == ADDITIVE_ERROR) {
        const lanes still[SMOOTHING] = {all(0), all(0), all(0), all(0)};
        lanes states[MOST];
        derivatives_of[id](&work->group, x, &work->next, &work->scratch);
        judge(form, work, &work->next);
        settle(&work->reduced, smoothing, form->at.count, still, states);
        for (int p = smoothing; p < form->at.count; p++) x[p] += states[p - smoothing];
    } else {
        cost_of[id](&work->group, x, &work->next, &work->scratch);
    }
    const marks better = work->next.cost < *cost;
    for (int p = 0; p < form->at.count; p++) best[p] = pick(better, x[p], best[p]);
    *cost = pick(better, work->next.cost, *cost);
}

/* From simpler forms that are fitted already. */
static void consider_fitted(const struct form *form, struct workspace *work, int64_t forms, lanes *best, lanes *cost) {
    lanes full[MOST];
    for (int other = 0; other < FORMS; other++) {
        const int error = other / 9, trend = other / 3 % 3, season = other % 3;
        if (!(forms >> other & 1) || !cost_of[other] || other >= form_of(form->error, form->trend, form->season)) continue;
        const int simpler = (error < form->error) + (trend < form->trend) + (season < form->season);
        if (simpler != 1 || error > form->error || trend > form->trend || season > form->season) continue;
        memcpy(full, work->found[other], sizeof full);
        if (trend == NO_TREND && form->trend) full[BETA] = all(0.03), full[SLOPE] = all(0);
        if (trend != DAMPED_TREND) full[PHI] = all(0.98);
        if (season != form->season) {
            full[GAMMA] = all(0.01);
            for (int slot = 0; slot < form->length; slot++) full[SEASON + slot] = work->group.seasonal[form->season][slot];
        }
        consider(form, work, full, best, cost);
    }
}

struct start {
    double alpha, beta, gamma, phi;
};

static void fit_form(const struct form *form, struct workspace *work, const struct task *task) {
    static const struct start STARTS[] = {{0.01, 0.05, 0.01, 0.98}, {0.1, 0.05, 0.05, 0.95}, {0.3, 0.02, 0.05, 0.9}, {0.7, 0.02, 0.2, 0.95},
                                          {0.01, 0.05, 0.05, 0.8}, {0.02, 0.9, 0.05, 0.9}, {0.3, 0.3, 0.1, 0.8}};
    const int id = form_of(form->error, form->trend, form->season);
    const int tried = form->season ? (form->error ? 4 : form->trend ? 0 : 1) : form->error ? 4 : form->trend == 0 ? 4 : form->trend == 1 ? 6 : 7;
    lanes full[MOST], best[MOST], cost = all(1e40);
    for (int slot = 0; slot < form->length; slot++) full[SEASON + slot] = work->group.seasonal[form->season][slot];
    full[LEVEL] = work->group.level;
    full[SLOPE] = all(0);
    for (int one = 0; one < tried; one++) {
        full[ALPHA] = all(STARTS[one].alpha);
        full[BETA] = all(STARTS[one].beta);
        full[GAMMA] = all(STARTS[one].gamma);
        full[PHI] = all(STARTS[one].phi);
        consider(form, work, full, best, &cost);
    }
    consider_fitted(form, work, task->forms | task->known, best, &cost);
    descend(form, work, task->steps, best);
    unpack(form, best, work->found[id]);
    if (form->season) work->found[id][SEASON + form->length - 1] = work->group.seasonal[form->season][form->length - 1];
    if (task->prune) work->leader = smaller(work->leader, work->group.count * work->now.cost + penalty(form->at.count, work->group.count));
}

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
    const int cycles = length / season < 8 ? length / season : 8;
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
        group->seasonal[MULTIPLICATIVE_SEASON][slot][lane] = seen[slot] ? fmax(ratio[slot] / seen[slot], 0.05) : 1;
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
    for (int lane = 0; lane < LANES; lane++) {
        int length;
        const double *history = history_of(from, products[lane < count ? lane : count - 1], &length);
        guess(&work->group, history, length, lane);
    }
    work->leader = all(1e30);
    for (int id = 0; id < FORMS; id++) {
        if (!(task->known >> id & 1) || !cost_of[id]) continue;
        const struct form form = make_form(id / 9, id / 3 % 3, id % 3, from->season);
        lanes cost;
        for (int lane = 0; lane < LANES; lane++) {
            const int64_t place = products[lane < count ? lane : count - 1] * FORMS + id;
            cost[lane] = to->cost[place];
            for (int p = 0; p < SEASON + form.length; p++) work->found[id][p][lane] = to->parameters[place * MOST + p];
        }
        if (task->prune) work->leader = smaller(work->leader, work->group.count * cost + penalty(form.at.count, work->group.count));
    }
    for (int id = 0; id < FORMS; id++) {
        if (!(task->forms >> id & 1) || !cost_of[id]) continue;
        const struct form form = make_form(id / 9, id / 3 % 3, id % 3, from->season);
        fit_form(&form, work, task);
        for (int lane = 0; lane < count; lane++) {
            const int64_t place = products[lane] * FORMS + id;
            to->cost[place] = work->now.cost[lane];
            to->raw[place] = work->now.raw[lane];
            for (int p = 0; p < SEASON + form.length; p++) to->parameters[place * MOST + p] = work->found[id][p][lane];
        }
    }
    put_away(&past);
    return 0;
}

int fit(const struct histories *from, const int64_t *products, int64_t count, const struct task *task, struct findings *to) {
    void *work;
    int failed = 0;
    if (posix_memalign(&work, sizeof(lanes), sizeof(struct workspace))) return -1;
    memset(work, 0, sizeof(struct workspace));
    for (int64_t first = 0; first < count && !failed; first += LANES)
        failed = fit_group(from, products + first, (int)(count - first < LANES ? count - first : LANES), task, work, to);
    free(work);
    return failed;
}
