/* The best parameters of each form: Levenberg and Marquardt's steps for eight products at once.
 *
 * Smoothing parameters keep to their box by an active set; initial states are free. For additive forms the
 * errors are linear in the initial states, so that one step finds the best ones for given smoothing. */

#include "fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 16
#define ENOUGH 1e-5        /* a gain in log cost that is none: half a thousandth of a percent */

static const double LOWER[SMOOTHING] = {1e-4, 1e-4, 1e-4, 0.8};
static const double UPPER[SMOOTHING] = {0.9999, 0.9999, 0.9999, 0.98};

enum { ALPHA, BETA, GAMMA, PHI, LEVEL, SLOPE, SEASON }; /* the full layout: every form has every number */

struct workspace {
    struct group group;
    struct scratch scratch;
    struct evaluation now, next;
    lanes system[MOST][MOST];
    lanes found[FORMS][MOST];  /* full layout */
    lanes costs[FORMS];
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

/* Solves the damped normal equations for the step, with some smoothing parameters held where they are put. */
CLONES static void solve(const struct evaluation *at, lanes (*system)[MOST], int count, int smoothing, const lanes *damping,
                         const lanes *free, const lanes *held, lanes *step) {
    for (int i = 0; i < count; i++) {
        const lanes mine = i < smoothing ? free[i] : all(1);
        step[i] = -at->gram[count][i];
        for (int j = 0; j < smoothing; j++)
            step[i] -= (i > j ? at->gram[i][j] : at->gram[j][i]) * held[j];
        step[i] *= mine;
        for (int j = 0; j < i; j++) system[i][j] = at->gram[i][j] * mine * (j < smoothing ? free[j] : all(1));
        system[i][i] = mine * (at->gram[i][i] * (1 + *damping) + 1e-9) + (1 - mine);
    }
    for (int j = 0; j < count; j++) {
        lanes pivot = system[j][j];
        for (int k = 0; k < j; k++) pivot -= system[j][k] * system[j][k] * system[k][k];
        system[j][j] = pivot = larger(pivot, all(1e-12));
        const lanes per_pivot = 1 / pivot;
        lanes row[MOST];
        for (int k = 0; k < j; k++) row[k] = system[j][k] * system[k][k];
        for (int i = j + 1; i < count; i++) {
            lanes sum = system[i][j];
            for (int k = 0; k < j; k++) sum -= system[i][k] * row[k];
            system[i][j] = sum * per_pivot;
        }
    }
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++) step[i] -= system[i][k] * step[k];
    for (int i = count - 1; i >= 0; i--) {
        step[i] /= system[i][i];
        for (int k = i + 1; k < count; k++) step[i] -= system[k][i] * step[k];
    }
}

/* The step that stays in the box: what would leave it is put on the wall, and the rest is solved for again. */
CLONES static void propose(const struct form *form, struct workspace *work, const lanes *x, const lanes *damping,
                           lanes *trial) {
    const int count = form->at.count, smoothing = form->at.level;
    lanes free[SMOOTHING], held[SMOOTHING], step[MOST];
    for (int p = 0; p < smoothing; p++) {
        const lanes slope = work->now.gram[count][p];
        const double low = LOWER[form->kinds[p]], high = UPPER[form->kinds[p]];
        const marks stuck = ((x[p] <= low) & (slope > 0)) | ((x[p] >= high) & (slope < 0));
        free[p] = pick(stuck, all(0), all(1));
        held[p] = all(0);
    }
    for (int round = 0; round <= smoothing; round++) {
        marks leaving = free[0] != free[0];
        solve(&work->now, work->system, count, smoothing, damping, free, held, step);
        for (int p = 0; p < smoothing; p++) {
            const lanes low = LOWER[form->kinds[p]] - x[p], high = UPPER[form->kinds[p]] - x[p];
            const marks out = (free[p] > 0) & ((step[p] < low) | (step[p] > high));
            held[p] = pick(out, smaller(larger(step[p], low), high), held[p]);
            free[p] = pick(out, all(0), free[p]);
            leaving |= out;
        }
        if (!any(leaving)) break;
    }
    for (int p = 0; p < count; p++) trial[p] = x[p] + (p < smoothing ? step[p] * free[p] + held[p] : step[p]);
}

/* Takes the lanes of `next` that are better. */
CLONES static void adopt(const marks *which, int count, lanes *x, const lanes *trial, struct evaluation *now,
                         const struct evaluation *next) {
    const marks better = *which;
    for (int p = 0; p < count; p++) x[p] = pick(better, trial[p], x[p]);
    for (int i = 0; i <= count; i++)
        for (int j = 0; j <= i; j++) now->gram[i][j] = pick(better, next->gram[i][j], now->gram[i][j]);
    now->cost = pick(better, next->cost, now->cost);
    now->raw = pick(better, next->raw, now->raw);
}

static void descend(const struct form *form, struct workspace *work, lanes *x) {
    const int id = form_of(form->error, form->trend, form->season);
    lanes damping = all(1e-3), trial[MOST];
    marks done = damping != damping;
    derivatives_of[id](&work->group, x, &work->now, &work->scratch);
    for (int step = 0; step < STEPS; step++) {
        propose(form, work, x, &damping, trial);
        derivatives_of[id](&work->group, trial, &work->next, &work->scratch);
        const lanes gain = work->now.cost - work->next.cost;
        const marks better = ~done & (gain > 0);
        adopt(&better, form->at.count, x, trial, &work->now, &work->next);
        damping = pick(better, damping * 0.2, damping * 6);
        done |= (gain < ENOUGH) & (gain > -ENOUGH);
        done |= damping > 1e5;
        if (!any(~done)) break;
    }
}

/* Keeps the better of two starting points, lane by lane. */
static void consider(const struct form *form, struct workspace *work, const lanes *full, lanes *best, lanes *cost) {
    lanes x[MOST];
    pack(form, full, x);
    cost_of[form_of(form->error, form->trend, form->season)](&work->group, x, &work->next, &work->scratch);
    const marks better = work->next.cost < *cost;
    for (int p = 0; p < form->at.count; p++) best[p] = pick(better, x[p], best[p]);
    *cost = pick(better, work->next.cost, *cost);
}

static void fit_form(const struct form *form, struct workspace *work, int64_t forms) {
    static const double ALPHAS[] = {0.02, 0.1, 0.3, 0.7};
    const int id = form_of(form->error, form->trend, form->season);
    lanes full[MOST], best[MOST], cost = all(1e40);
    for (int slot = 0; slot < form->length; slot++) full[SEASON + slot] = work->group.seasonal[form->season][slot];
    full[LEVEL] = work->group.level;
    full[SLOPE] = all(0);
    full[PHI] = all(0.95);
    pack(form, full, best);
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < (form->trend ? 2 : 1); b++)
            for (int g = 0; g < (form->season ? 2 : 1); g++) {
                full[ALPHA] = all(ALPHAS[a]);
                full[BETA] = all(b ? 0.3 : 0.03);
                full[GAMMA] = all(g ? 0.3 : 0.03);
                consider(form, work, full, best, &cost);
            }
    for (int other = 0; other < FORMS; other++) {
        const int error = other / 9, trend = other / 3 % 3, season = other % 3;
        if (other == id || !(forms >> other & 1) || season != form->season || error > form->error || trend > form->trend) continue;
        memcpy(full, work->found[other], sizeof full);
        if (trend == NO_TREND) full[BETA] = all(0.03), full[SLOPE] = all(0);
        if (trend != DAMPED_TREND) full[PHI] = all(0.98);
        consider(form, work, full, best, &cost);
    }
    descend(form, work, best);
    unpack(form, best, work->found[id]);
    for (int slot = form->length - 1; form->season && slot < form->length; slot++)
        work->found[id][SEASON + slot] = work->group.seasonal[form->season][slot];
    work->costs[id] = work->now.cost;
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

int fit_group(const struct histories *from, const int64_t *products, int count, int64_t forms, struct findings *to) {
    struct workspace *work;
    if (posix_memalign((void **)&work, sizeof(lanes), sizeof *work)) return -1;
    memset(work, 0, sizeof *work);
    struct columns past;
    if (lay_out(from, products, count, &past)) {
        free(work);
        return -1;
    }
    work->group.periods = past.periods;
    work->group.season = from->season;
    work->group.demand = past.demand;
    work->group.known = past.known;
    for (int lane = 0; lane < LANES; lane++) {
        int length;
        const double *history = history_of(from, products[lane < count ? lane : count - 1], &length);
        guess(&work->group, history, length, lane);
    }
    for (int id = 0; id < FORMS; id++) {
        if (!(forms >> id & 1) || !cost_of[id]) continue;
        const struct form form = make_form(id / 9, id / 3 % 3, id % 3, from->season);
        fit_form(&form, work, forms);
        for (int lane = 0; lane < count; lane++) {
            const int64_t place = products[lane] * FORMS + id;
            to->cost[place] = work->now.cost[lane];
            to->raw[place] = work->now.raw[lane];
            for (int p = 0; p < SEASON + form.length; p++)
                to->parameters[place * MOST + p] = work->found[id][p][lane];
        }
    }
    put_away(&past);
    free(work);
    return 0;
}
