/* From the model into its possible futures.
 *
 * What demand was of its forecast is what it may be again: ratios, not differences. So demand never falls
 * below 0, and what sells on one day in four goes on selling on one day in four. */

#include "theta.h"

#include <math.h>

#define HIGHEST 2              /* how far above all that was sold a level may wander, times */
#define HALF_LIFE 100.0        /* periods after which an error counts half */
#define FITTED 3               /* numbers that were fitted: alpha, level, share */

INLINE lanes lag_of(lanes alpha, lanes q, lanes intercept, lanes slope) {
    return q * intercept + (1 - q * (1 - alpha)) / alpha * slope;
}

/* Where little is sold, what is expected between two sales is small by chance, and a ratio to it large: so it
 * is not taken of less than mean demand times the share of periods without any. */
INLINE lanes least_forecast(const struct columns *from) {
    lanes demand = all(0), known = all(0), some = all(0);
    for (int time = 0; time < from->periods; time++) {
        demand += from->demand[time];
        known += from->known[time];
        some += pick(from->demand[time] > 0, all(1), all(0));
    }
    known = larger(known, all(1));
    return larger((1 - some / known) * demand / known, all(1e-9));
}

CLONES void follow_theta(const struct past *past, const struct model *model, lanes *ratios, struct present *to) {
    const struct columns *from = past->columns;
    const lanes least = least_forecast(from);
    lanes level = model->level, q = all(1);
    for (int time = 0, phase = 0; time < from->periods; time++) {
        const lanes lag = lag_of(model->alpha, q, past->intercept[time], past->slope[time]);
        const lanes forecast = (level + model->share * lag) * past->seasons.times[phase] + past->seasons.plus[phase];
        ratios[time] = from->demand[time] / larger(forecast, least);
        const lanes moved = from->known[time] * model->alpha;
        level += moved * (past->demand[time] - level);
        q -= moved * q;
        if (++phase == past->season) phase = 0;
    }
    const struct present present = {level, q, past->intercept[from->periods], past->slope[from->periods]};
    *to = present;
}

/* Sorts columns and carries what belongs to each value along. */
CLONES static void sort_pairs(lanes *values, lanes *weights, const struct exchanges *plan) {
    for (int i = 0; i < plan->count; i++) {
        const int low = plan->pairs[i][0], high = plan->pairs[i][1];
        const lanes one = values[low], other = values[high], first = weights[low], second = weights[high];
        const marks swap = one > other;
        values[low] = pick(swap, other, one), values[high] = pick(swap, one, other);
        weights[low] = pick(swap, second, first), weights[high] = pick(swap, first, second);
    }
}

/* Quantiles of weighted, sorted values: straight lines from the middle of each to the middle of the next. */
static void read_off(const lanes *values, const lanes *weights, int rows, int lane, int paths, lanes *table) {
    double sum = 0, below = 0;
    for (int row = 0; row < rows; row++) sum += weights[row][lane];
    int row = 0;
    for (int path = 0; path < paths; path++) {
        const double wanted = (path + 0.5) / paths * sum;
        while (row + 1 < rows && below + weights[row][lane] + weights[row + 1][lane] / 2 <= wanted)
            below += weights[row++][lane];
        const int next = row + 1 < rows ? row + 1 : row;
        const double middle = below + weights[row][lane] / 2, apart = (weights[row][lane] + weights[next][lane]) / 2;
        const double ahead = wanted - middle, share = ahead <= 0 ? 0 : ahead < apart ? ahead / apart : 1;
        table[path][lane] = sum > 0 ? values[row][lane] + share * (values[next][lane] - values[row][lane]) : 1;
    }
}

/* Makes the mean 1, and the spread as much wider as fitting has made it too narrow. */
static void widen(int known, int lane, int paths, lanes *table) {
    const double wider = sqrt(known / (double)(known > FITTED + 1 ? known - FITTED : 1));
    for (int turn = 0; turn < 2; turn++) {
        double mean = 0;
        for (int path = 0; path < paths; path++) mean += table[path][lane] / paths;
        for (int path = 0; mean > 0 && path < paths; path++) {
            const double ratio = table[path][lane] / mean, widened = 1 + wider * (ratio - 1);
            table[path][lane] = turn ? ratio : widened > 0 ? widened : 0;
        }
    }
}

void tabulate_ratios(const struct past *past, const lanes *ratios, const struct task *task, lanes *scratch,
                     lanes *table) {
    lanes *const values = scratch, *const weights = scratch + REMEMBERED;
    const double fading = exp2(-1 / HALF_LIFE);
    int known[LANES], most = 1;
    for (int lane = 0; lane < LANES; lane++) {
        const int last = past->columns->lengths[lane] - 1;
        double weight = 1;
        known[lane] = 0;
        for (int time = last; time >= 0 && time > last - REMEMBERED; time--, weight *= fading) {
            if (past->judged[time][lane] == 0) continue;
            values[known[lane]][lane] = ratios[time][lane];
            weights[known[lane]++][lane] = weight;
        }
        if (known[lane] > most) most = known[lane];
    }
    const struct exchanges *plan = task->sort_errors;
    while (plan->length < most) plan++;
    for (int lane = 0; lane < LANES; lane++)
        for (int row = known[lane]; row < plan->length; row++) values[row][lane] = INFINITY, weights[row][lane] = 0;
    sort_pairs(values, weights, plan);
    for (int lane = 0; lane < LANES; lane++) {
        read_off(values, weights, known[lane], lane, task->paths, table);
        widen(known[lane], lane, task->paths, table);
    }
}

/* The next period: what is expected of demand, with its season. */
struct moment {
    lanes lag, plus, times;
};

INLINE lanes expected(const struct moment *now, lanes level) {
    return larger((level + now->lag) * now->times + now->plus, all(0));
}

INLINE lanes moved(const struct moment *now, lanes level, lanes alpha, lanes demand) {
    return level + alpha * ((demand - now->plus) / now->times - level);
}

static struct moment moment_of(const struct past *past, const struct model *model, const struct present *at, lanes q,
                               int step) {
    struct moment now;
    now.lag = model->share * lag_of(model->alpha, q, at->intercept, at->slope);
    for (int lane = 0; lane < LANES; lane++) {
        const int phase = (past->columns->lengths[lane] + step) % past->season;
        now.plus[lane] = past->seasons.plus[phase][lane];
        now.times[lane] = past->seasons.times[phase][lane];
    }
    return now;
}

/* One after the other in single precision. */
INLINE singles beside(lanes one, lanes other) {
    singles both;
    for (int lane = 0; lane < LANES; lane++) both[lane] = (float)one[lane], both[LANES + lane] = (float)other[lane];
    return both;
}

static void hand_out(const singles *sorted, int column, const struct task *task, int step, const int64_t *products,
                     int count, double *to) {
    for (int lane = 0; lane < count; lane++)
        for (int level = 0; level < task->levels; level++)
            to[(products[lane] * task->horizon + step) * task->levels + level] = sorted[task->places[level]][column + lane];
}

CLONES void simulate_theta(const struct past *past, const struct model *model, const struct present *at,
                           const lanes *table, const struct task *task, lanes *scratch, const int64_t *products,
                           int count, struct answers *to) {
    const int paths = task->paths;
    lanes *const level = scratch, *const total = level + paths;
    singles *const sample = (singles *)(void *)(total + paths);
    const lanes highest = larger(HIGHEST * past->largest, at->level), alpha = model->alpha;
    lanes middle = at->level, q = at->q;
    for (int path = 0; path < paths; path++) level[path] = at->level, total[path] = all(0);
    for (int step = 0; step < task->horizon; step++) {
        const struct moment now = moment_of(past, model, at, q, step);
        const int64_t *const ranks = task->ranks + (int64_t)step * paths;
        for (int path = 0; path < paths; path++) {
            const lanes demand = expected(&now, level[path]) * table[ranks[path]];
            level[path] = smaller(moved(&now, level[path], alpha, demand), highest);
            total[path] += demand;
            sample[path] = beside(demand, total[path]);
        }
        const lanes mean = expected(&now, middle);
        middle = moved(&now, middle, alpha, mean);
        q *= 1 - alpha;
        for (int lane = 0; lane < count; lane++) to->mean[products[lane] * task->horizon + step] = mean[lane];
        sort_rows(sample, paths);
        hand_out(sample, 0, task, step, products, count, to->quantiles);
        hand_out(sample, LANES, task, step, products, count, to->totals);
    }
}
