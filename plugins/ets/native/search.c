/* Levenberg and Marquardt's steps for the smoothing parameters, with the initial states always at their best.
 *
 * Errors of the additive forms are linear in the initial states, so that for any smoothing parameters the best
 * states are one linear solution away: the search goes over at most four numbers (Golub & Pereyra 2003,
 * Separable nonlinear least squares, in Kaufman's simplification). With multiplicative errors the same steps are
 * only approximate, and are judged by the likelihood itself. Smoothing parameters keep to their box. */

#include "search.h"

#define ENOUGH 1e-4            /* a gain in log cost that is none: a hundredth of a percent of the squares */
#define BARELY 1e-9            /* keeps what cannot be told from the data where it is */
#define CAREFUL 1e-3           /* how much the first step is damped, and how that goes on */
#define BOLDER 0.2
#define SHIER 6
#define STUCK 100
#define POSSIBLE 1e29

/* A form that is this far behind the best in AICc where it starts does not catch up; nor does one that is
 * behind still, and would be after ten more steps like the last. */
#define FAR 25
#define BEHIND 6
#define HOPE 10

static const double LOWER[SMOOTHING] = {1e-4, 1e-4, 1e-4, 0.8};
static const double UPPER[SMOOTHING] = {0.9999, 0.9999, 0.9999, 0.98};

struct form form_with(int id, int season_length) {
    struct form form = {.id = id, .error = id / 9, .trend = id / 3 % 3, .season = id % 3};
    form.length = form.season ? season_length : 1;
    form.at = places_of(form.trend, form.season, season_length);
    if (form.trend != NO_TREND) form.kinds[form.at.beta] = BETA;
    if (form.season != NO_SEASON) form.kinds[form.at.gamma] = GAMMA;
    if (form.trend == DAMPED_TREND) form.kinds[form.at.phi] = PHI;
    return form;
}

static void pack(const struct form *form, const lanes *numbers, lanes *x) {
    for (int p = 0; p < form->at.level; p++) x[p] = numbers[form->kinds[p]];
    x[form->at.level] = numbers[LEVEL];
    if (form->trend != NO_TREND) x[form->at.trend] = numbers[SLOPE];
    for (int slot = 0; slot + 1 < form->length; slot++) x[form->at.season + slot] = numbers[SEASON + slot];
}

void unpack(const struct form *form, const lanes *x, lanes *numbers) {
    for (int p = 0; p < form->at.level; p++) numbers[form->kinds[p]] = x[p];
    numbers[LEVEL] = x[form->at.level];
    if (form->trend != NO_TREND) numbers[SLOPE] = x[form->at.trend];
    for (int slot = 0; slot + 1 < form->length; slot++) numbers[SEASON + slot] = x[form->at.season + slot];
}

/* Eliminates the states; exact for additive errors, in which they are linear. */
CLONES static void reduce(const struct evaluation *at, int smoothing, int count, const lanes *damping,
                          struct reduced *to) {
    const int states = count - smoothing;
    for (int i = 0; i < states; i++) {
        const lanes *const row = at->gram[smoothing + i];
        to->own[i] = at->gram[count][smoothing + i];
        for (int p = 0; p < smoothing; p++) to->across[p][i] = row[p];
        for (int j = 0; j < i; j++) to->factor[i][j] = row[smoothing + j];
        to->factor[i][i] = row[smoothing + i] * (1 + *damping) + BARELY;
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
        to->factor[j][j] = pivot = larger(pivot, all(BARELY));
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
INLINE void solve(const struct reduced *from, int size, lanes damping, const lanes *free, const lanes *held,
                  lanes *step) {
    lanes system[SMOOTHING][SMOOTHING];
    for (int i = 0; i < size; i++) {
        step[i] = -from->slope[i];
        for (int j = 0; j < size; j++) step[i] -= (i > j ? from->curvature[i][j] : from->curvature[j][i]) * held[j];
        step[i] *= free[i];
        for (int j = 0; j < i; j++) system[i][j] = from->curvature[i][j] * free[i] * free[j];
        system[i][i] = free[i] * (larger(from->curvature[i][i], all(0)) * (1 + damping) + BARELY) + (1 - free[i]);
    }
    for (int j = 0; j < size; j++) {
        for (int k = 0; k < j; k++) system[j][j] -= system[j][k] * system[j][k] * system[k][k];
        system[j][j] = larger(system[j][j], all(BARELY));
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

/* The derivatives at x, and the cost with the best states; with multiplicative errors, with those there are. */
static void evaluate_at(const struct form *form, struct workspace *work, const lanes *x, struct evaluation *to) {
    const lanes barely = all(BARELY);
    derivatives_of[form->id](&work->group, x, to, &work->scratch);
    if (form->error == MULTIPLICATIVE_ERROR) return;
    reduce(to, form->at.level, form->at.count, &barely, &work->reduced);
    const lanes squares = larger(to->squares - work->reduced.saved, all(0));
    to->cost = pick(to->cost < POSSIBLE, logarithm(squares + NOTHING), to->cost);
}

/* Moves the states to their best, where errors are linear in them. */
static void improve_states(const struct form *form, struct workspace *work, const struct evaluation *at, lanes *x) {
    const lanes still[SMOOTHING] = {all(0), all(0), all(0), all(0)}, barely = all(BARELY);
    const int smoothing = form->at.level, count = form->at.count;
    lanes states[MOST];
    reduce(at, smoothing, count, &barely, &work->reduced);
    settle(&work->reduced, smoothing, count, still, states);
    for (int p = smoothing; p < count; p++) x[p] += states[p - smoothing];
}

void consider(const struct form *form, struct workspace *work, const lanes *numbers, lanes *best, lanes *cost) {
    lanes x[MOST];
    pack(form, numbers, x);
    if (form->error == ADDITIVE_ERROR) {
        evaluate_at(form, work, x, &work->next);
        improve_states(form, work, &work->next, x);
    } else {
        cost_of[form->id](&work->group, x, &work->next, &work->scratch);
    }
    const marks better = work->next.cost < *cost;
    for (int p = 0; p < form->at.count; p++) best[p] = pick(better, x[p], best[p]);
    *cost = pick(better, work->next.cost, *cost);
}

void descend(const struct form *form, struct workspace *work, int steps, lanes *x) {
    const int linear = form->error == ADDITIVE_ERROR, smoothing = form->at.level, count = form->at.count;
    const lanes known = work->group.count, barely = all(BARELY);
    const lanes limit = (work->leader - penalty(count, known)) / known; /* the cost of being as good as the best */
    lanes damping = all(CAREFUL), trial[MOST];
    evaluate_at(form, work, x, &work->now);
    marks done = work->now.cost > limit + FAR / known;
    for (int step = 0; step < steps && any(~done); step++) {
        reduce(&work->now, smoothing, count, linear ? &barely : &damping, &work->reduced);
        propose(form, work, x, &damping, trial);
        evaluate_at(form, work, trial, &work->next);
        const lanes gain = work->now.cost - work->next.cost;
        const marks better = ~done & (gain > 0);
        adopt(&better, count, x, trial, &work->now, &work->next);
        damping = pick(better, damping * BOLDER, damping * SHIER);
        done |= (gain < ENOUGH) & (gain > -ENOUGH);
        done |= damping > STUCK;
        done |= work->now.cost > limit + BEHIND / known + HOPE * larger(gain, all(0));
    }
    if (linear) improve_states(form, work, &work->now, x);
    cost_of[form->id](&work->group, x, &work->now, &work->scratch);
}
